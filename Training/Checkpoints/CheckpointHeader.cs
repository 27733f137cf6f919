using RetrainLoop.Contracts;

namespace RetrainLoop.Training.Checkpoints;

/// <summary>What a checkpoint says about itself, as JSON at its front.</summary>
/// <param name="ImageSize">Side of the square input that it was trained on, in pixels.</param>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Metrics">For example <c>mAP50</c> and <c>mAP50-95</c>, fractions on the validation split.</param>
/// <param name="Progress">Only in a checkpoint that a run can go on from.</param>
public sealed record CheckpointHeader(
    NetSize Net, IReadOnlyList<string> ClassNames, int ImageSize, int Epoch, IReadOnlyDictionary<string, double> Metrics, RunProgress? Progress = null);

/// <summary>Where an interrupted run stood at the end of an epoch.</summary>
/// <param name="Updates">Updates of the moving average so far.</param>
public sealed record RunProgress(int Updates, int BestEpoch, double BestScore, IReadOnlyList<EpochInfo> Epochs);
