namespace RetrainLoop.Contracts;

public enum TrainingRunState { Queued, Running, Succeeded, Failed, Cancelled }

/// <summary>The built-in nets, smallest first.</summary>
public enum NetSize { Pico, Nano, Small }

/// <summary>What steers a run. Defaults suit a retrain from the previous best.</summary>
/// <param name="Lr0">Initial learning rate, (0, 1).</param>
/// <param name="ReplayShare">Share in [0, 1) of each epoch drawn from the base dataset's frames, against forgetting.</param>
/// <param name="Patience">Epochs without a better validation mAP before it stops early.</param>
public sealed record Hyperparameters(
    double Lr0 = 0.001, int Epochs = 12, int ImageSize = 256, int BatchSize = 4, double ReplayShare = 0.5, int Patience = 10, int Seed = 1, NetSize Net = NetSize.Pico);

/// <summary>Queues a run; the same key answers with the run it already made.</summary>
/// <param name="Checkpoint">The base version's training checkpoint; null = from scratch.</param>
/// <param name="Dataset">Its <c>Export</c> is fetched at the start.</param>
/// <param name="ModelName">The name under which the result will be registered.</param>
public sealed record TrainingRunRequest(
    string Key, string ModelName, DatasetVersionInfo Dataset, ModelRef? Base, ArtifactRef? Checkpoint, Hyperparameters Hyperparameters,
    string? Deployment = null, string? LoopRun = null);

/// <summary>Losses are per-image means; mAP as fractions on the dataset's validation split.</summary>
public sealed record EpochInfo(int Epoch, double BoxLoss, double ClassLoss, double DflLoss, double MeanAveragePrecision50, double MeanAveragePrecision, double LearningRate, double Seconds);

public sealed record TrainingRunInfo(
    Guid Id, string Key, string ModelName, DatasetRef Dataset, ModelRef? Base, Hyperparameters Hyperparameters, string? Deployment, string? LoopRun,
    TrainingRunState State, IReadOnlyList<EpochInfo> Epochs, double? EtaSeconds, ArtifactRef? Onnx, ArtifactRef? Checkpoint,
    IReadOnlyDictionary<string, double>? Metrics, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);
