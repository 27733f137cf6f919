namespace RetrainLoop.Web.Pages.Models;

/// <summary>Which deployment a model version is most likely meant for. Pure.</summary>
public static class DeploymentChoice
{
    /// <summary>
    /// Deployments whose champion is another model, the likeliest first: where it is candidate or was champion, then where a version of its name serves, then where
    /// the classes are the same, then the others in their order.
    /// </summary>
    public static IReadOnlyList<DeploymentInfo> For(ModelVersionInfo model, IEnumerable<DeploymentInfo> deployments) =>
        [.. deployments.Where(deployment => deployment.Champion != model.Ref).OrderBy(deployment => Distance(model, deployment))];

    static int Distance(ModelVersionInfo model, DeploymentInfo deployment) =>
        deployment.Candidate == model.Ref || deployment.Previous == model.Ref ? 0
        : deployment.Champion.Name == model.Name ? 1
        : deployment.ClassNames.ToHashSet().SetEquals(model.ClassNames) ? 2
        : 3;
}
