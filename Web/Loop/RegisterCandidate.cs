using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>A finished training run -> a model version at Inference, with its lineage.</summary>
public sealed class RegisterCandidate(
    ArrowLock turns, LoopRuns runs, InferenceClient inference, TrainingClient training, TimeProvider time, ILogger<RegisterCandidate> logger)
    : StageArrow(turns, runs, time, logger)
{
    public override IReadOnlyList<LoopRunStage> Stages { get; } = [LoopRunStage.Registering];

    protected override async Task<string> StepAsync(LoopRun run, CancellationToken cancellationToken)
    {
        var trained = await training.RunAsync(run.Lineage.TrainingRun!.Value, cancellationToken);
        if (trained.Onnx is null) return await MoveAsync(run, new LoopRunEvent.GivenUp($"Training run {trained.Id} left no model."), cancellationToken);
        var candidate = await inference.RegisterModelAsync(
            new ModelRegistration(
                run.Key("register"), trained.ModelName, trained.Onnx, trained.Checkpoint,
                new ModelLineage(trained.Id, trained.Dataset, trained.Base, run.Id.ToString()), trained.Metrics),
            cancellationToken);
        return await MoveAsync(
            run, new LoopRunEvent.CandidateRegistered($"{candidate.Ref} is registered."), cancellationToken, lineage => lineage with { Candidate = candidate.Ref });
    }
}
