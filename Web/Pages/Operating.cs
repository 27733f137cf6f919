using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages;

/// <summary>Base of pages on which operators act: one action at a time, in the person's name, and a sentence about how it went.</summary>
public abstract class Operating : Live
{
    [Inject] ISnackbar Messages { get; set; } = null!;
    [Inject] IAuthorizationService Authorization { get; set; } = null!;
    [CascadingParameter] Task<AuthenticationState> SignedIn { get; set; } = null!;

    /// <summary>An action is under way.</summary>
    protected bool Busy { get; private set; }

    /// <param name="act">What to do, given the person's name.</param>
    /// <param name="done">Said when it went well; null = nothing.</param>
    /// <returns>Whether it went well.</returns>
    protected async Task<bool> ActAsync(Func<string, Task> act, string? done)
    {
        if (Busy) return false;
        Busy = true;
        try
        {
            var person = (await SignedIn).User;
            if (!(await Authorization.AuthorizeAsync(person, Access.Operate)).Succeeded)
            {
                Messages.Add("Your role may look, an operator may do this.", MudBlazor.Severity.Warning); // the buttons say so too; this holds
                return false;
            }
            await act(person.Identity?.Name ?? "unknown");
            if (done is not null) Messages.Add(done, MudBlazor.Severity.Success);
            await ReadAsync();
            return true;
        }
        catch (StackException exception)
        {
            Messages.Add(exception.IsAway ? exception.Message : exception.Detail, MudBlazor.Severity.Warning);
            return false;
        }
        finally
        {
            Busy = false;
        }
    }
}
