using Microsoft.AspNetCore.Components;
using MudBlazor;
using RetrainLoop.Web.Pages.Deployments;

namespace RetrainLoop.Web.Pages.Models;

/// <summary>Lets an operator put a model version to work.</summary>
public sealed partial class DeployDialog
{
    readonly DialogOptions options = new() { CloseOnEscapeKey = true, CloseButton = true, MaxWidth = MaxWidth.Small, FullWidth = true };
    readonly DeployForm form = new();
    bool open;
    string? refusal;

    [Parameter] public bool Visible { get; set; }
    [Parameter] public EventCallback<bool> VisibleChanged { get; set; }
    [Parameter, EditorRequired] public ModelVersionInfo Model { get; set; } = null!;
    [Parameter] public IReadOnlyList<DeploymentInfo> Deployments { get; set; } = [];

    /// <summary>The deployment that is meant; null = the likeliest.</summary>
    [Parameter] public string? Target { get; set; }

    /// <summary>Deployments that serve something else now, the likeliest first.</summary>
    IReadOnlyList<DeploymentInfo> Targets => DeploymentChoice.For(Model, Deployments);

    /// <summary>Those in which nothing is under way.</summary>
    IReadOnlyList<DeploymentInfo> Free => [.. Targets.Where(target => target.ActiveRollout is null)];

    /// <summary>Those that take no other model now.</summary>
    IReadOnlyList<DeploymentInfo> Rolling => [.. Targets.Where(target => target.ActiveRollout is not null)];

    string Verb => form.Way switch
    {
        DeployWay.New => "Make the deployment",
        DeployWay.Rollout => "Start the rollout",
        _ => "Switch at once",
    };

    string? Clash => Targets.FirstOrDefault(one => one.Name == form.Target) is { } target
        ? ClassChange.Of(target.Name, target.ClassNames, Model.ClassNames)
        : null;

    bool Closed(DeployWay way) => way != DeployWay.New && Free.Count == 0;

    protected override void OnParametersSet()
    {
        if (Visible && !open)
        {
            refusal = null;
            form.Target = (Free.FirstOrDefault(one => one.Name == Target) ?? Free.FirstOrDefault())?.Name ?? "";
            form.Way = Free.Count == 0 ? DeployWay.New : DeployWay.Rollout;
            if (form.Zone.Length == 0) form.Zone = BrowserZone.Name;
        }
        open = Visible;
    }

    protected override void Refuse(string reason) => refusal = reason;

    void Choose(DeployWay way) => (form.Way, refusal) = (way, null);

    Task DeployAsync() => (refusal = form.Missing(Deployments)) is null ? ActAsync(SendAsync) : Task.CompletedTask;

    async Task SendAsync(string actor)
    {
        var name = form.Way == DeployWay.New ? form.Name.Trim() : form.Target;
        // The list may be old, or could not be read: a PUT would reset what exists.
        if (form.Way == DeployWay.New && await Inference.FindDeploymentAsync(name, CancellationToken.None) is not null)
        {
            refusal = DeployForm.Taken(name);
            return;
        }
        if (form.Way == DeployWay.Rollout)
            await Inference.StartRolloutAsync(
                new RolloutRequest($"web:{Guid.CreateVersion7(Time.GetUtcNow())}", name, Model.Ref), CancellationToken.None, actor);
        else
            await Inference.PutDeploymentAsync(name, Request(), CancellationToken.None, actor);
        Messages.Add(form.Way == DeployWay.Rollout ? $"The rollout of {Model.Ref} in {name} begins in the shadow." : $"{name} serves {Model.Ref}.", Severity.Success);
        await CloseAsync();
        Navigation.NavigateTo(DeploymentTabs.Address(name));
    }

    DeploymentRequest Request() => form.Way == DeployWay.New
        ? new DeploymentRequest(Model.Name, Model.Version, form.LatencyBudgetMs, form.Zone.Trim() is { Length: > 0 } zone ? zone : null)
        : new DeploymentRequest(Model.Name, Model.Version, Force: true, Reason: form.Reason.Trim());

    async Task CloseAsync()
    {
        Visible = open = false;
        await VisibleChanged.InvokeAsync(false);
    }
}
