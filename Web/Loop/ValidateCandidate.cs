using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>Candidate and champion on the locked holdout and on recent frames -> Monitor's gate.</summary>
public sealed class ValidateCandidate(
    ArrowLock turns, LoopRuns runs, DetectOnDataset detections, LabelingClient labeling, MonitorClient monitor, TimeProvider time, ILogger<ValidateCandidate> logger)
    : StageArrow(turns, runs, time, logger)
{
    public override IReadOnlyList<LoopRunStage> Stages { get; } = [LoopRunStage.Validating];

    protected override async Task<string> StepAsync(LoopRun run, CancellationToken cancellationToken)
    {
        if (await HoldoutAsync(run, cancellationToken) is not { } holdout)
            return await MoveAsync(
                run,
                new LoopRunEvent.Blocked($"{run.Deployment} has no locked holdout to compare on. Assign one on the Datasets page, then accept to validate."),
                cancellationToken);
        var (candidate, champion, recent) = (run.Lineage.Candidate!, run.Lineage.Champion, run.Lineage.Recent!);
        var jobs = new List<DetectionJobInfo>();
        foreach (var (model, dataset) in new[] { (candidate, holdout), (champion, holdout), (candidate, recent), (champion, recent) })
            jobs.Add(await detections.EnsureAsync(run, model, dataset, cancellationToken));
        if (jobs.FirstOrDefault(job => job.State is DetectionJobState.Failed or DetectionJobState.Cancelled) is { } broken)
            return await MoveAsync(
                run, new LoopRunEvent.Blocked($"Running {broken.Model} over a dataset ended as {broken.State}: {broken.Error} Accept to try again."),
                cancellationToken);
        if (jobs.Any(job => job.State != DetectionJobState.Succeeded))
            return await ProgressAsync(run, "images", jobs.Sum(job => job.Done), 2 * (holdout.Images + recent.Images), cancellationToken);
        var report = await monitor.ValidateAsync(
            new ValidationRequest(
                run.Key("validate"), run.Deployment, candidate, champion,
                new PairedDetections(holdout.Ref, holdout.GroundTruth, jobs[0].Result!, jobs[1].Result!),
                new PairedDetections(recent.Ref, recent.GroundTruth, jobs[2].Result!, jobs[3].Result!), run.Policy.StrictGate, run.Id.ToString()),
            cancellationToken);
        return await MoveAsync(
            run, new LoopRunEvent.Validated(report.Judgement.Verdict, $"{report.Judgement.Verdict}: {report.Judgement.Reason}"), cancellationToken,
            lineage => lineage with { Validation = report.Id, Judgement = report.Judgement, Measurements = [.. lineage.Measurements, .. Measured(report)] });
    }

    /// <summary>The locked holdout of the first look stays the one of this pass.</summary>
    async Task<DatasetVersionInfo?> HoldoutAsync(LoopRun run, CancellationToken cancellationToken)
    {
        if (run.Lineage.LockedHoldout is { } pinned) return pinned;
        if ((await labeling.HoldoutsAsync(run.Deployment, cancellationToken)).Locked is not { } locked) return null;
        await Runs.NoteAsync(run.Id, noted => noted with { Lineage = noted.Lineage with { LockedHoldout = locked } }, cancellationToken);
        return locked;
    }

    static IEnumerable<LoopRunMeasurement> Measured(ValidationReport report) =>
        new[] { ("locked-holdout", report.LockedHoldout), ("recent", report.Recent) }.SelectMany(pair => new LoopRunMeasurement[]
        {
            new(report.Champion, pair.Item2.Dataset, pair.Item1, pair.Item2.Champion, null, null, report.At),
            new(report.Candidate, pair.Item2.Dataset, pair.Item1, pair.Item2.Candidate, null, null, report.At),
        });
}
