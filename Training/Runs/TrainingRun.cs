using RetrainLoop.Contracts;

namespace RetrainLoop.Training.Runs;

/// <summary>What a finished training leaves besides its state.</summary>
public sealed record RunResults(ArtifactRef Onnx, ArtifactRef Checkpoint, IReadOnlyDictionary<string, double> Metrics);

/// <summary>A run as the database has it.</summary>
public sealed record TrainingRun(
    Guid Id, TrainingRunRequest Request, RunStanding Standing, RunResults? Results, string? Error,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    public TrainingRunInfo ToInfo(IReadOnlyList<EpochInfo> epochs) => new(
        Id, Request.Key, Request.ModelName, Request.Dataset.Ref, Request.Base, Request.Hyperparameters, Request.Deployment, Request.LoopRun,
        Standing.State, epochs, Standing.State == TrainingRunState.Running ? RunEta.Of(epochs, Request.Hyperparameters.Epochs) : null,
        Results?.Onnx, Results?.Checkpoint, Results?.Metrics, Error, CreatedAt, StartedAt, FinishedAt);

    /// <summary>The columns, as they come.</summary>
    internal sealed record Row(
        Guid Id, string Request, string State, int Attempt, Guid? Worker, DateTime? LeaseUntil, string? Onnx, string? Checkpoint, string? Metrics,
        string? Error, DateTime CreatedAt, DateTime? StartedAt, DateTime? FinishedAt)
    {
        public const string Columns =
            """
            id as Id, request as Request, state as State, attempt as Attempt, worker as Worker, lease_until as LeaseUntil, onnx as Onnx,
            checkpoint as Checkpoint, metrics as Metrics, error as Error, created_at as CreatedAt, started_at as StartedAt, finished_at as FinishedAt
            """;

        public TrainingRun ToRun() => new(
            Id, ContractJson.Read<TrainingRunRequest>(Request), new RunStanding(Enum.Parse<TrainingRunState>(State), Attempt, Worker, Utc(LeaseUntil)),
            Onnx is null || Checkpoint is null || Metrics is null
                ? null
                : new RunResults(ContractJson.Read<ArtifactRef>(Onnx), ContractJson.Read<ArtifactRef>(Checkpoint), ContractJson.Read<Dictionary<string, double>>(Metrics)),
            Error, Utc(CreatedAt)!.Value, Utc(StartedAt), Utc(FinishedAt));

        static DateTimeOffset? Utc(DateTime? time) => time is { } value ? new DateTimeOffset(DateTime.SpecifyKind(value, DateTimeKind.Utc)) : null;
    }
}
