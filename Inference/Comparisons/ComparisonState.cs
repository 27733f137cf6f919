namespace RetrainLoop.Inference.Comparisons;

/// <summary>How a comparison stands, by its two jobs. Pure.</summary>
static class ComparisonState
{
    public static DetectionJobState Of(DetectionJobState model, DetectionJobState champion) => (model, champion) switch
    {
        (DetectionJobState.Failed, _) or (_, DetectionJobState.Failed) => DetectionJobState.Failed,
        (DetectionJobState.Cancelled, _) or (_, DetectionJobState.Cancelled) => DetectionJobState.Cancelled,
        (DetectionJobState.Succeeded, DetectionJobState.Succeeded) => DetectionJobState.Succeeded,
        (DetectionJobState.Queued, DetectionJobState.Queued) => DetectionJobState.Queued,
        _ => DetectionJobState.Running,
    };

    public static bool IsFinished(DetectionJobState state) =>
        state is DetectionJobState.Succeeded or DetectionJobState.Failed or DetectionJobState.Cancelled;
}
