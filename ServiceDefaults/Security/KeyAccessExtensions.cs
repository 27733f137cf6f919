using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.ServiceDefaults.Security;

public static class KeyAccessExtensions
{
    /// <summary>
    /// Requires a key or the service token on every route that does not allow anonymous calls. The service is ready once it knows the keys.
    /// </summary>
    /// <param name="keepInDatabase">Keep a copy in the service's database; false for a service that has none.</param>
    public static void AddKeyAccess(this IHostApplicationBuilder builder, bool keepInDatabase = true)
    {
        builder.AddKeyRing();
        builder.Services.AddAuthentication(KeyAuthentication.SchemeName).AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null);
        builder.Services.AddAuthorizationBuilder().AddAccessPolicies().SetFallbackPolicy(
            new AuthorizationPolicyBuilder().AddRequirements(new AccessRequirement(AccessRole.Admin)).Build());
        if (!keepInDatabase) return;
        builder.Services.AddHostedSingleton<KeySnapshotStore>();
    }

    /// <summary>The ring, its health check, the options and the nudge; without authentication, which Web combines with its cookies.</summary>
    public static void AddKeyRing(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SecurityOptions>().BindConfiguration("Security").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<KeyRing>();
        builder.Services.AddSingleton<ChangeNudge>();
        builder.Services.AddTransient<ServiceTokenHandler>();
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration("keys", services => new KeysHealthCheck(services.GetRequiredService<KeyRing>()), HealthStatus.Unhealthy, null));
    }

    /// <summary>A policy for each role, see <see cref="Access"/>.</summary>
    public static AuthorizationBuilder AddAccessPolicies(this AuthorizationBuilder authorization, params string[] schemes)
    {
        foreach (var role in Enum.GetValues<AccessRole>())
            authorization.AddPolicy(role.ToString(), policy => policy.AddAuthenticationSchemes(schemes).AddRequirements(new AccessRequirement(role)));
        return authorization;
    }

    /// <summary>An HTTP client named after a service of the stack, signed with the service token.</summary>
    public static IHttpClientBuilder AddServiceClient(this IServiceCollection services, string service) => services
        .AddHttpClient(service, client => client.BaseAddress = new Uri($"http://{service}"))
        .AddHttpMessageHandler<ServiceTokenHandler>();

    /// <summary>A client without retries and circuit breaker, for callers that ask again by themselves every moment.</summary>
    /// <param name="suffix">Follows the service's name in the client's.</param>
    public static void AddPlainClient(this IServiceCollection services, string service, string suffix, TimeSpan limit)
    {
#pragma warning disable EXTEXP0001 // the call may still change its shape; there is no other public way to leave the handlers out for one client
        services.AddHttpClient(service + suffix, client => (client.BaseAddress, client.Timeout) = (new Uri($"http://{service}"), limit))
            .RemoveAllResilienceHandlers()
            .AddHttpMessageHandler<ServiceTokenHandler>();
#pragma warning restore EXTEXP0001
    }

    /// <summary>Maps <c>PUT /v1/key-snapshot</c>, by which Web publishes the keys.</summary>
    public static IEndpointRouteBuilder MapKeySnapshot(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/v1/key-snapshot", ApplyAsync).RequireAuthorization(Access.Administer).ExcludeFromDescription();
        return routes;
    }

    static async Task<NoContent> ApplyAsync(KeySnapshot snapshot, KeyRing ring, CancellationToken cancellationToken, IServiceProvider services)
    {
        if (services.GetService<KeySnapshotStore>() is { } store) await store.SaveAsync(snapshot, cancellationToken);
        else ring.Apply(snapshot);
        return TypedResults.NoContent();
    }
}

sealed class KeysHealthCheck(KeyRing ring) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(ring.Snapshot is null
            ? new HealthCheckResult(context.Registration.FailureStatus, "No API keys are known yet: waiting for Web to publish them.")
            : HealthCheckResult.Healthy());
}
