using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages;

/// <summary>What operators alone may do, in the person's name.</summary>
static class OperatorAction
{
    /// <param name="act">What to do, given the person's name.</param>
    /// <returns>Why it was refused, in a sentence for the person; null = it is done.</returns>
    public static async Task<string?> TryAsync(IAuthorizationService authorization, Task<AuthenticationState> signedIn, Func<string, Task> act)
    {
        var person = (await signedIn).User;
        // The buttons of others say so, or are not there; this holds all the same.
        if (!(await authorization.AuthorizeAsync(person, Access.Operate)).Succeeded) return "Your role may look, an operator may do this.";
        try
        {
            await act(person.Identity?.Name ?? "unknown");
            return null;
        }
        catch (StackException exception)
        {
            return exception.IsAway ? exception.Message : exception.Detail;
        }
    }
}
