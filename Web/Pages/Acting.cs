using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;

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
            if (await OperatorAction.TryAsync(Authorization, SignedIn, act) is { } refusal) Refuse(refusal);
        }
        finally
        {
            Busy = false;
        }
    }
}
