using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Web.Users;

/// <summary>Turns a setup link into the first administrator, once.</summary>
public sealed class FirstAdministrator(UserDatabase database, UserManager<User> users, SetupLink link, TimeProvider time)
{
    /// <summary>
    /// Creates the administrator and voids every setup link in one transaction. A refused name or password leaves the link valid.
    /// </summary>
    /// <returns>The user, or the reasons why there is none.</returns>
    public async Task<(User? User, IReadOnlyList<string> Errors)> CreateAsync(string token, string name, string password, CancellationToken cancellationToken)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        // Locks the rows, so that of two answers to one link the second finds none.
        var voided = await database.Database.ExecuteSqlAsync(
            $"delete from setup_tokens where exists (select from setup_tokens where sha256 = {KeyRing.HashOf(token)}) and not exists (select from users)",
            cancellationToken);
        if (voided == 0) return (null, ["This link is not valid any more. Sign in, or take the newest link from the log of Web."]);
        var user = new User { Id = Guid.CreateVersion7(), UserName = name, Role = AccessRole.Admin, CreatedAt = time.GetUtcNow() };
        var result = await users.CreateAsync(user, password);
        if (!result.Succeeded) return (null, [.. result.Errors.Select(error => error.Description)]);
        await transaction.CommitAsync(cancellationToken);
        link.Close();
        return (user, []);
    }

    /// <summary>Whether the link could still be used; for the page that is opened with it.</summary>
    public async Task<bool> IsValidAsync(string token, CancellationToken cancellationToken)
    {
        var hash = KeyRing.HashOf(token);
        return await link.IsNeededAsync(cancellationToken)
            && await database.Database.SqlQuery<int>($"""select 1 as "Value" from setup_tokens where sha256 = {hash}""").AnyAsync(cancellationToken);
    }
}
