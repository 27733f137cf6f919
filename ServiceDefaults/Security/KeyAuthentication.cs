using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RetrainLoop.ServiceDefaults.Security;

/// <summary>
/// Authenticates <c>Authorization: Bearer …</c>: an API key of the ring, or the stack's service token, which acts for the user that
/// <c>X-Acting-User</c> names.
/// </summary>
public sealed class KeyAuthentication(
    KeyRing ring, IOptionsMonitor<SecurityOptions> security, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Key";
    public const string ActingUserHeader = "X-Acting-User";
    const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return Task.FromResult(AuthenticateResult.NoResult());
        var key = header[Prefix.Length..].Trim();
        if (IsServiceToken(key)) return Succeed(ServiceIdentity());
        return ring.Find(key) is { } entry
            ? Succeed(KeyIdentity(entry))
            : Task.FromResult(AuthenticateResult.Fail("The API key is unknown or revoked."));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Of(StatusCodes.Status401Unauthorized,
            "Send an API key that is valid for this stack as 'Authorization: Bearer KEY'. An admin makes keys; a revoked one stops working within 30 seconds.").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problem.Of(StatusCodes.Status403Forbidden, "This key may not do that: its role or its deployments do not cover the call.").ExecuteAsync(Context);

    bool IsServiceToken(string key) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(security.CurrentValue.ServiceToken));

    ClaimsIdentity ServiceIdentity()
    {
        var actor = Request.Headers[ActingUserHeader].ToString();
        return new ClaimsIdentity(
            [new(ClaimTypes.Name, actor.Length > 0 ? actor : "stack"), new(ClaimTypes.Role, nameof(AccessRole.Admin)), new(Access.StackClaim, "")], SchemeName);
    }

    static ClaimsIdentity KeyIdentity(KeyEntry entry) => new(
        [
            new(ClaimTypes.Name, entry.Name),
            new(ClaimTypes.NameIdentifier, entry.Id.ToString()),
            new(ClaimTypes.Role, entry.Role.ToString()),
            .. entry.Deployments.Select(deployment => new Claim(Access.DeploymentClaim, deployment)),
        ], SchemeName);

    static Task<AuthenticateResult> Succeed(ClaimsIdentity identity) =>
        Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
}
