namespace RetrainLoop.Inference.Telemetry;

/// <summary>What telemetry tells apart.</summary>
readonly record struct SeriesKey(string Deployment, ModelRef Model, ModelSlot Slot, string Region, string Camera);

/// <summary>What is counted of one frame.</summary>
/// <param name="TotalMs">From the received body to the result; the other stages are parts of it. A frame that nobody waits for counts from its
/// beginning on a worker. Only of frames that were answered.</param>
/// <param name="Detections">At the deployment's operating point, whatever the caller asked for.</param>
readonly record struct FrameObservation(
    RequestOutcome Outcome, double TotalMs, StageTimings? Stages, IReadOnlyList<Detection> Detections, int Width, int Height,
    ImageStatistics? Statistics)
{
    /// <summary>A frame that got no detections.</summary>
    public static FrameObservation Unanswered(RequestOutcome outcome) => new(outcome, 0, null, [], 0, 0, null);
}
