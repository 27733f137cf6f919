using Microsoft.AspNetCore.Components;

namespace RetrainLoop.Web.Pages.Settings;

/// <summary>Lets an operator say which frames a deployment keeps.</summary>
public sealed partial class SamplingForm
{
    static readonly SamplingPolicy Default = new();
    static readonly SamplingCaps DefaultCaps = new();
    SamplingDraft before = null!;
    string? refusal;
    bool saved;

    [Parameter, EditorRequired] public DeploymentInfo Deployment { get; set; } = null!;
    [Parameter, EditorRequired] public SamplingDraft Draft { get; set; } = null!;

    /// <summary>The policy to which a pass of the loop returns; null = no pass has raised it.</summary>
    [Parameter] public SamplingPolicy? RaisedFrom { get; set; }

    /// <summary>Called when something was typed.</summary>
    [Parameter] public EventCallback Typed { get; set; }

    /// <summary>Called with the deployment as it was saved.</summary>
    [Parameter] public EventCallback<DeploymentInfo> Saved { get; set; }

    protected override void OnParametersSet()
    {
        before = Draft.Before;
        if (Draft.IsChanged) saved = false;
    }

    protected override void Refuse(string reason) => refusal = reason;

    async Task SaveAsync()
    {
        if (!Draft.IsChanged) return;
        refusal = Draft.Missing();
        if (refusal is null) await ActAsync(SendAsync);
    }

    async Task SendAsync(string actor)
    {
        // On top of what is set now: a pass of the loop may have raised it, or gone back, since the form was opened.
        var now = (await Inference.DeploymentAsync(Deployment.Name, CancellationToken.None)).Sampling;
        var changed = await Inference.SetSamplingAsync(Deployment.Name, Draft.ToPolicy(now), CancellationToken.None, actor);
        Draft.Take(changed.Sampling);
        saved = true;
        Messages.Add($"The sampling of {Deployment.Name} is saved.", MudBlazor.Severity.Success);
        await Saved.InvokeAsync(changed);
    }

    async Task DiscardAsync()
    {
        Draft.Take(Deployment.Sampling);
        refusal = null;
        await Typed.InvokeAsync();
    }

    static string Text(double number) => TypedNumber.Text(number);
}
