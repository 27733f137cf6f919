using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;

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
            var refusal = await OperatorAction.TryAsync(Authorization, SignedIn, async person =>
            {
                await act(person);
                if (done is not null) Messages.Add(done, MudBlazor.Severity.Success);
                await ReadAsync();
            });
            if (refusal is not null) Messages.Add(refusal, MudBlazor.Severity.Warning);
            return refusal is null;
        }
        finally
        {
            Busy = false;
        }
    }
}
