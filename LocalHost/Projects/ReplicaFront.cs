using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace RetrainLoop.LocalHost.Projects;

/// <summary>Listens on a service's port and spreads requests over those of its processes that are healthy.</summary>
sealed class ReplicaFront : IAsyncDisposable
{
    static readonly RouteConfig[] Routes = [new() { RouteId = "all", ClusterId = "replicas", Match = new() { Path = "{**all}" } }];

    readonly WebApplication application;
    readonly InMemoryConfigProvider configuration;
    IReadOnlyList<string> served = [];

    ReplicaFront(WebApplication application)
    {
        this.application = application;
        configuration = application.Services.GetRequiredService<InMemoryConfigProvider>();
    }

    public static async Task<ReplicaFront> StartAsync(IReadOnlyList<string> addresses, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls([.. addresses]);
        // Sizes and rates are bounded by the service itself.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddReverseProxy().LoadFromMemory(Routes, Clusters([]));
        var application = builder.Build();
        application.UseRouting();
        application.MapReverseProxy();
        await application.StartAsync(cancellation);
        return new(application);
    }

    /// <summary>From now on requests go to these; with none they get 503.</summary>
    public void Serve(IReadOnlyList<string> urls)
    {
        if (!urls.SequenceEqual(served))
        {
            served = urls;
            configuration.Update(Routes, Clusters(urls));
        }
    }

    public async ValueTask DisposeAsync() => await application.DisposeAsync();

    /// <summary>The host takes out a process that ended or is unhealthy; a failing connection takes it out before the host has seen it.</summary>
    static ClusterConfig[] Clusters(IReadOnlyList<string> urls) =>
    [
        new()
        {
            ClusterId = "replicas",
            Destinations = urls.ToDictionary(url => url, url => new DestinationConfig { Address = url }),
            HealthCheck = new()
            {
                AvailableDestinationsPolicy = "HealthyOrPanic",
                Passive = new() { Enabled = true, Policy = "TransportFailureRate", ReactivationPeriod = TimeSpan.FromSeconds(2) },
            },
            HttpRequest = new() { ActivityTimeout = TimeSpan.FromMinutes(10) },
        },
    ];
}
