using RetrainLoop.Web.Charts;
using RetrainLoop.Web.Loop.Runs;

namespace RetrainLoop.Web.Pages.Loop;

/// <summary>One line under each stage: what it brought about, or what it will.</summary>
public static class StepNotes
{
    public static string Of(PassStep step, PassDetail detail) => step.State == StepState.Ahead
        ? StageWords.Ahead(step.Stage)
        : Known(step.Stage, detail) ?? StageWords.Ahead(step.Stage);

    static string? Known(LoopRunStage stage, PassDetail detail)
    {
        var lineage = detail.Run.Lineage;
        return stage switch
        {
            LoopRunStage.Freezing => lineage is { Training: { } training, Recent: { } recent }
                ? $"{training.Ref} ({training.Images} frames, {training.Objects} objects) · {recent.Ref} ({recent.Images} frames)"
                : null,
            LoopRunStage.Training => detail.Training is { } run ? Trained(run) : null,
            LoopRunStage.Registering => lineage.Candidate is { } candidate ? $"{candidate}, from {lineage.Champion}" : null,
            LoopRunStage.Validating => (detail.Validation?.Judgement ?? lineage.Judgement) is { } judgement ? $"{judgement.Verdict}: {judgement.Reason}" : null,
            LoopRunStage.RollingOut => detail.Rollout is { } rollout ? Rolled(rollout) : null,
            LoopRunStage.LockingBaseline => detail.Baseline is { } baseline ? Locked(baseline, lineage) : null,
            _ => null,
        };
    }

    static string Trained(TrainingRunInfo run) => run.Epochs.LastOrDefault() is { } epoch
        ? $"epoch {epoch.Epoch} of {run.Hyperparameters.Epochs} · best mAP {Figure.Digits(run.Epochs.Max(one => one.MeanAveragePrecision))} · lr0 {run.Hyperparameters.Lr0}"
        : $"{run.State} · {run.Hyperparameters.Epochs} epochs · lr0 {run.Hyperparameters.Lr0}";

    static string Rolled(RolloutInfo rollout) => rollout.State == RolloutState.Running && rollout.Step < rollout.Steps.Count
        ? $"step {rollout.Step + 1} of {rollout.Steps.Count}: {RolloutWords.Weight(rollout.Steps[rollout.Step])}"
        : $"{rollout.State}";

    static string Locked(BaselineInfo baseline, LoopRunLineage lineage) => baseline.State == BaselineState.Collecting
        ? $"collecting {Figure.Percent(baseline.Progress)} · {Figure.Count(baseline.Requests, "requests")}"
        : $"locked on {Figure.Count(baseline.Requests, "requests")}" + (lineage.GrownHoldout is { } grown ? $" · locked holdout {grown.Ref} ({grown.Images} frames)" : "");
}
