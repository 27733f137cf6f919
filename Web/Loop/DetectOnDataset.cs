using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>A model version's detections on a dataset version, by the detection job that a pass asks for once.</summary>
public sealed class DetectOnDataset(InferenceClient inference)
{
    /// <summary>Starts the job, or looks at the one that this pass started before.</summary>
    public Task<DetectionJobInfo> EnsureAsync(LoopRun run, ModelRef model, DatasetVersionInfo dataset, CancellationToken cancellationToken) =>
        EnsureAsync(run.Key($"detect:{model.Name}:{model.Version}:{dataset.Name}:{dataset.Version}"), run.Deployment, model, dataset, cancellationToken);

    public Task<DetectionJobInfo> EnsureAsync(string key, string deployment, ModelRef model, DatasetVersionInfo dataset, CancellationToken cancellationToken) =>
        inference.StartDetectionJobAsync(new DetectionJobRequest(key, model, "evaluate", deployment, dataset.Manifest), cancellationToken);
}
