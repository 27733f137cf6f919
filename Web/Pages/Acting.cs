using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages;

/// <summary>Base of parts of a page with which operators act: one action at a time, in the person's name.</summary>
public abstract class Acting : ComponentBase
{
    [Inject] protected ISnackbar Messages { get; set; } = null!;
    [Inject] IAuthorizationService Authorization { get; set; } = null!;
    [CascadingParameter] Task<AuthenticationState> SignedIn { get; set; } = null!;

    /// <summary>An action is under way.</summary>
    protected bool Busy { get; private set; }

    /// <summary>Tells the person why an action was refused.</summary>
    protected virtual void Refuse(string reason) => Messages.Add(reason, Severity.Warning);

    /// <param name="act">What to do, given the person's name.</param>
    protected async Task ActAsync(Func<string, Task> act)
    {
        if (Busy) return;
        Busy = true;
        try
        {
            var person = (await SignedIn).User;
            // Who may not act sees no button; this holds all the same.
            if ((await Authorization.AuthorizeAsync(person, Access.Operate)).Succeeded) await act(person.Identity?.Name ?? "unknown");
            else Refuse("Your role may look, an operator may do this.");
        }
        catch (StackException exception)
        {
            Refuse(exception.IsAway ? exception.Message : exception.Detail);
        }
        finally
        {
            Busy = false;
        }
    }
}
