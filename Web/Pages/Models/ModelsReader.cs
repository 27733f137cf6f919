using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages.Models;

/// <summary>The registry with where its versions serve.</summary>
/// <param name="Models">By name, each name's newest version first; null when Inference could not be asked.</param>
public sealed record ModelsSnapshot(IReadOnlyList<ModelVersionInfo>? Models, IReadOnlyList<DeploymentInfo> Deployments);

public sealed class ModelsReader(InferenceClient inference)
{
    public async Task<ModelsSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var models = await StackAnswer.TryAsync(inference.ModelsAsync(cancellationToken));
        var deployments = await StackAnswer.TryAsync(inference.DeploymentsAsync(cancellationToken)) ?? [];
        return new ModelsSnapshot(models is null ? null : [.. Ordered(models)], deployments);
    }

    /// <summary>Names by their newest version, newest first.</summary>
    static IEnumerable<ModelVersionInfo> Ordered(IReadOnlyList<ModelVersionInfo> models) => models
        .GroupBy(model => model.Name)
        .OrderByDescending(versions => versions.Max(model => model.CreatedAt))
        .SelectMany(versions => versions.OrderByDescending(model => model.Version));
}
