namespace RetrainLoop.Tests.Loop.Stack;

/// <summary>What <c>GET /v1/loop-runs/{id}</c> shows of a pass, as a script would read it.</summary>
public sealed record LoopRunView(
    Guid Id, string Deployment, string Stage, string? Question, string Reason, HoldView? Hold, LineageView Lineage, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt,
    IReadOnlyList<TransitionView>? Transitions);

public sealed record HoldView(string Reason, DateTimeOffset Since);

public sealed record TransitionView(string? From, string To, string Reason, string Actor, DateTimeOffset At);

public sealed record LineageView(
    Guid? DriftReport, DateTimeOffset Since, ModelRef Champion, DatasetVersionInfo? Training, DatasetVersionInfo? Recent, Guid? TrainingRun, ModelRef? Candidate,
    DatasetVersionInfo? LockedHoldout, Guid? Validation, Guid? Rollout, Guid? Baseline, DatasetVersionInfo? GrownHoldout, DatasetVersionInfo? LiveHoldout,
    IReadOnlyList<MeasurementView> Measurements);

public sealed record MeasurementView(ModelRef Model, DatasetRef Dataset, string Purpose, double MeanAveragePrecision, double? Low, double? High, DateTimeOffset At);
