using Microsoft.AspNetCore.Identity;

namespace RetrainLoop.Web.Users;

/// <summary>A person who signs in. Holds one role, which includes the ones below it; never <see cref="AccessRole.Predict"/>, which is for keys.</summary>
public sealed class User : IdentityUser<Guid>
{
    public AccessRole Role { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}
