using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Labeling.Retention;

public static class RetentionApi
{
    public static void AddRetention(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RetentionOptions>().BindConfiguration("Labeling:Retention").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHostedSingleton<Expiry>();
        builder.Services.AddSingleton<Erasure>();
    }

    public static void MapErasure(this IEndpointRouteBuilder routes) =>
        routes.MapDelete("/v1/frames/{id:guid}", DeleteAsync).RequireAuthorization(Access.Operate).WithTags("Frames");

    /// <summary>Erases a frame's picture for good. Repeating it changes nothing.</summary>
    static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, Erasure erasure, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await erasure.EraseAsync(id, user.FindFirstValue(ClaimTypes.Name) ?? "unknown", cancellationToken)
            ? TypedResults.NoContent()
            : Problem.NotFound("There is no such frame here.");
}
