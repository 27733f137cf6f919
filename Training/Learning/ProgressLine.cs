using RetrainLoop.Contracts;

namespace RetrainLoop.Training.Learning;

/// <summary>One thing a training process tells: a sentence, a finished epoch, or the end. As JSON, one a line.</summary>
/// <param name="Earlier">Epochs that were finished before the process went on from a checkpoint.</param>
public sealed record ProgressLine(string? Log = null, EpochInfo? Epoch = null, IReadOnlyList<EpochInfo>? Earlier = null, TrainingResult? Result = null);

/// <summary>What came out of a finished training.</summary>
/// <param name="Metrics">Of the best epoch on the validation split: <c>mAP50</c>, <c>mAP50-95</c> (fractions), and what it took.</param>
public sealed record TrainingResult(int BestEpoch, int Epochs, IReadOnlyList<string> ClassNames, IReadOnlyDictionary<string, double> Metrics);
