using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Web.Keys;

static class KeysApi
{
    public static void MapKeysApi(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/v1/keys").RequireAuthorization(Access.Administer).WithTags("Keys");
        keys.MapGet("", ListAsync).WithSummary("All keys, revoked ones included, newest first; never their secrets.");
        keys.MapPost("", CreateAsync).WithSummary("Makes a key. The answer shows it this once.");
        keys.MapDelete("{id:guid}", RevokeAsync).WithSummary("Revokes a key; every service refuses it within 30 seconds.");
    }

    static async Task<Ok<IReadOnlyList<ApiKeyInfo>>> ListAsync(ApiKeys keys, CancellationToken cancellationToken) =>
        TypedResults.Ok(await keys.ListAsync(cancellationToken));

    static async Task<Results<Created<ApiKeyCreated>, ProblemHttpResult>> CreateAsync(
        ApiKeyRequest request, ApiKeys keys, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (ApiKey.Refusal(request) is { } refusal) return Problem.BadRequest(refusal);
        var created = await keys.CreateAsync(request, user.Identity?.Name ?? "unknown", cancellationToken);
        return TypedResults.Created($"/v1/keys/{created.Id}", created);
    }

    static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(Guid id, ApiKeys keys, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (await keys.RevokeAsync(id, user.Identity?.Name ?? "unknown", cancellationToken)) return TypedResults.NoContent();
        var known = (await keys.ListAsync(cancellationToken)).FirstOrDefault(key => key.Id == id);
        return known switch
        {
            null => Problem.NotFound("There is no such key."),
            { RevokedAt: not null } => TypedResults.NoContent(),
            _ => Problem.Conflict("This key comes from the stack's configuration (Security:AdminKey). Change it there and restart Web."),
        };
    }
}
