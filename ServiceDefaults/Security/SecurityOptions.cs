using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.ServiceDefaults.Security;

/// <summary>Section <c>Security</c>.</summary>
public sealed class SecurityOptions
{
    /// <summary>The secret by which services of one stack know each other, at least 32 characters.</summary>
    [Required, MinLength(32)] public string ServiceToken { get; set; } = "";
}
