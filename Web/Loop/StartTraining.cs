using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>A frozen dataset -> a training run from the champion's checkpoint, watched until it ends.</summary>
public sealed class StartTraining(
    ArrowLock turns, LoopRuns runs, InferenceClient inference, TrainingClient training, TimeProvider time, ILogger<StartTraining> logger)
    : StageArrow(turns, runs, time, logger)
{
    public override IReadOnlyList<LoopRunStage> Stages { get; } = [LoopRunStage.Training];

    protected override async Task<string> StepAsync(LoopRun run, CancellationToken cancellationToken)
    {
        var lineage = run.Lineage;
        var champion = await inference.ModelAsync(lineage.Champion, cancellationToken);
        var asked = await training.StartAsync(
            new TrainingRunRequest(
                run.Key("train"), champion.Name, lineage.Training!, champion.Ref, champion.Checkpoint, run.Policy.Hyperparameters, run.Deployment,
                run.Id.ToString()),
            cancellationToken);
        if (lineage.TrainingRun != asked.Id)
            await Runs.NoteAsync(run.Id, noted => noted with { Lineage = noted.Lineage with { TrainingRun = asked.Id } }, cancellationToken);
        var current = await training.RunAsync(asked.Id, cancellationToken);
        return current.State switch
        {
            TrainingRunState.Succeeded => await MoveAsync(run, new LoopRunEvent.TrainingSucceeded(Describe(current, champion)), cancellationToken),
            TrainingRunState.Failed => await MoveAsync(
                run, new LoopRunEvent.Blocked($"Training failed: {current.Error ?? "no reason given"} Accept to train once more."), cancellationToken),
            TrainingRunState.Cancelled => await MoveAsync(
                run, new LoopRunEvent.Blocked("The training run was cancelled. Accept to train once more."), cancellationToken),
            _ => await ProgressAsync(run, "epochs", current.Epochs.Count, run.Policy.Hyperparameters.Epochs, cancellationToken, Eta(current)),
        };
    }

    DateTimeOffset? Eta(TrainingRunInfo current) => current.EtaSeconds is { } seconds and >= 0 and < 1e7 ? Time.GetUtcNow().AddSeconds(seconds) : null;

    static string Describe(TrainingRunInfo trained, ModelVersionInfo champion) =>
        $"Trained {trained.Epochs.Count} epochs from {(champion.Checkpoint is null ? $"scratch, since {champion.Ref} came without a checkpoint" : champion.Ref)}.";
}
