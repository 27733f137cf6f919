namespace RetrainLoop.Contracts;

/// <summary>How far a random frame's embedding is from its camera's mean in the baseline.</summary>
/// <param name="Frame">Id of the sampled frame.</param>
/// <param name="Distance">Cosine distance, [0, 2]; a frame of the baseline is held against the mean of its others.</param>
public sealed record FrameDistance(Guid Frame, string Camera, DateTimeOffset At, double Distance);

/// <summary>Kept frames of a report's baseline and of its window, each side the farthest first.</summary>
public sealed record FrameDistances(IReadOnlyList<FrameDistance> Baseline, IReadOnlyList<FrameDistance> Current);
