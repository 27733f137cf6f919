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

    /// <summary>Deployments that serve something else now.</summary>
    IReadOnlyList<DeploymentInfo> Targets => [.. Deployments.Where(deployment => deployment.Champion != Model.Ref)];

    string Verb => form.Way switch
    {
        DeployWay.New => "Make the deployment",
        DeployWay.Rollout => "Start the rollout",
        _ => "Switch at once",
    };

    /// <summary>What changes for the deployment's callers when the classes are not the champion's.</summary>
    string? Clash => Targets.FirstOrDefault(one => one.Name == form.Target) is { } target && !target.ClassNames.SequenceEqual(Model.ClassNames)
        ? $"{target.Name} answers with {ModelWords.Classes(target.ClassNames)}; this model knows {ModelWords.Classes(Model.ClassNames)}."
        : null;

    protected override void OnParametersSet()
    {
        if (Visible && !open)
        {
            refusal = null;
            form.Target = Targets.FirstOrDefault(one => one.Champion.Name == Model.Name)?.Name ?? Targets.FirstOrDefault()?.Name ?? "";
            form.Way = Targets.Count == 0 ? DeployWay.New : DeployWay.Rollout;
        }
        open = Visible;
    }

    protected override void Refuse(string reason) => refusal = reason;

    Task DeployAsync() => (refusal = form.Missing()) is null ? ActAsync(SendAsync) : Task.CompletedTask;

    async Task SendAsync(string actor)
    {
        var name = form.Way == DeployWay.New ? form.Name.Trim() : form.Target;
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
