using System.Buffers.Text;
using System.Security.Cryptography;

namespace RetrainLoop.Web.Keys;

/// <summary>Asks for a key.</summary>
/// <param name="Name">What it is for, 1 to 100 characters.</param>
/// <param name="Deployments">Limits it to these deployments; empty or absent = all.</param>
public sealed record ApiKeyRequest(string Name, AccessRole Role, IReadOnlyList<string>? Deployments = null);

/// <summary>A key without its secret.</summary>
/// <param name="FromConfiguration">It was given to the stack at its start and is changed there.</param>
public sealed record ApiKeyInfo(
    Guid Id, string Name, AccessRole Role, IReadOnlyList<string> Deployments, bool FromConfiguration,
    DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? RevokedAt, string? RevokedBy);

/// <summary>A new key. <paramref name="Key"/> is shown this once; only its hash is kept.</summary>
public sealed record ApiKeyCreated(Guid Id, string Name, AccessRole Role, IReadOnlyList<string> Deployments, string Key, DateTimeOffset CreatedAt);

static class ApiKey
{
    /// <summary>A new secret: <c>rl_</c> and 256 random bits as base64url.</summary>
    public static string NewSecret() => "rl_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Why the request cannot be met, or null.</summary>
    public static string? Refusal(ApiKeyRequest request) => request switch
    {
        { Name: null } or { Name.Length: 0 or > 100 } => "Give the key a name of 1 to 100 characters that says what it is for.",
        _ when !Enum.IsDefined(request.Role) => $"role is one of {string.Join(", ", Enum.GetNames<AccessRole>())}.",
        { Role: AccessRole.Admin, Deployments.Count: > 0 } => "An admin key reaches everything: leave deployments out, or give it another role.",
        _ when request.Deployments?.Any(string.IsNullOrWhiteSpace) == true => "deployments must name deployments.",
        _ => null,
    };
}
