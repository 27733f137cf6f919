namespace RetrainLoop.Web.Pages.Models;

/// <summary>One alias of a deployment that points at a model version.</summary>
public sealed record ModelUse(string Deployment, string Alias);

/// <summary>Where model versions are deployed. Pure.</summary>
public static class ModelUses
{
    /// <summary>The aliases that point at the model, champions first.</summary>
    public static IReadOnlyList<ModelUse> Of(ModelRef model, IEnumerable<DeploymentInfo> deployments) =>
        [.. deployments.SelectMany(Aliases).Where(alias => alias.Model == model).OrderBy(alias => alias.Order).Select(alias => new ModelUse(alias.Deployment, alias.Word))];

    static IEnumerable<(string Deployment, ModelRef? Model, string Word, int Order)> Aliases(DeploymentInfo deployment) =>
    [
        (deployment.Name, deployment.Champion, "champion", 0),
        (deployment.Name, deployment.Candidate, deployment.CandidateShadow ? "shadow" : FormattableString.Invariant($"candidate, {deployment.CandidateWeight * 100:0.#} %"), 1),
        (deployment.Name, deployment.Previous, "previous", 2),
    ];
}
