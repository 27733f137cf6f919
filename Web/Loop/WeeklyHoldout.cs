using System.Globalization;
using Hangfire;
using Hangfire.Storage;
using RetrainLoop.Web.Loop.Holdouts;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>
/// On each occasion of the deployment's cron, by hand, or after a batch of annotations: the live holdout is renewed by the newest reviewed random frames
/// and the champion scored on it, the curve that can fall, and on the locked holdout, which catches faults of serving. The occasion is noted at once and
/// worked off by the pulse, since detection jobs take their time.
/// </summary>
public sealed class WeeklyHoldout(
    ArrowLock turns, HoldoutChecks checks, DetectOnDataset detections, Diagnose diagnose, InferenceClient inference, LabelingClient labeling,
    MonitorClient monitor, JobStorage storage, PulseSignal pulse, TimeProvider time) : Arrow(turns)
{
    /// <summary>Detection jobs may take so long until something is scored.</summary>
    static readonly TimeSpan ScoringTime = TimeSpan.FromHours(6);

    /// <param name="zone">IANA zone of the deployment.</param>
    [AutomaticRetry(Attempts = 0)]
    public async Task<string> NoteAsync(string deployment, string zone, CancellationToken cancellationToken)
    {
        var local = TimeZoneInfo.ConvertTime(time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(zone));
        var occasion = local.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
        await checks.AddAsync(deployment, occasion, diagnose: false, cancellationToken);
        pulse.Wake();
        return $"Noted for {occasion}.";
    }

    protected override async Task<string> TurnAsync(CancellationToken cancellationToken)
    {
        var said = new List<string>();
        foreach (var check in await checks.OpenAsync(cancellationToken)) said.Add($"{check.Deployment}: {await TryStepAsync(check, cancellationToken)}");
        return said.Count == 0 ? "Nothing to do." : string.Join(" ", said);
    }

    async Task<string> TryStepAsync(HoldoutCheck check, CancellationToken cancellationToken)
    {
        try
        {
            return await StepAsync(check, cancellationToken);
        }
        catch (StackException exception) when (!exception.IsAway)
        {
            return await FinishAsync(check, null, null, exception.Message, cancellationToken);
        }
    }

    async Task<string> StepAsync(HoldoutCheck check, CancellationToken cancellationToken)
    {
        if (check.Model is null)
        {
            var champion = (await inference.DeploymentAsync(check.Deployment, cancellationToken)).Champion;
            var holdouts = await labeling.RefreshLiveHoldoutAsync(check.Deployment, new HoldoutRequest(check.Key), cancellationToken);
            check = await checks.PinAsync(check, champion, holdouts, cancellationToken);
        }
        if (check.Live is null && check.Locked is null)
            return await FinishAsync(check, null, null, "Too few reviewed random frames for a live holdout, and there is no locked one.", cancellationToken);
        var live = await ScoreAsync(check, check.Live, "live-holdout", check.Key, cancellationToken);
        var locked = await ScoreAsync(check, check.Locked, "locked-holdout", $"{check.Key}:locked", cancellationToken);
        await checks.ProgressAsync(check, live.Done + locked.Done, cancellationToken);
        if (live.Waits || locked.Waits) return $"{live.Done + locked.Done} of {(check.Live?.Images ?? 0) + (check.Locked?.Images ?? 0)} images.";
        return await FinishAsync(check, live.Evaluation, locked.Evaluation, $"{check.Model}: {live.Text} {locked.Text}", cancellationToken);
    }

    /// <summary>One holdout's place on the way from detection job to evaluation.</summary>
    readonly record struct Scored(bool Waits, int Done, Guid? Evaluation, string Text);

    async Task<Scored> ScoreAsync(HoldoutCheck check, DatasetVersionInfo? dataset, string purpose, string key, CancellationToken cancellationToken)
    {
        if (dataset is null) return new Scored(false, 0, null, $"There are too few reviewed frames for a {purpose}.");
        var job = await detections.EnsureAsync(key, check.Deployment, check.Model!, dataset, cancellationToken);
        if (job.State is DetectionJobState.Failed or DetectionJobState.Cancelled)
            return new Scored(false, job.Done, null, $"The detection job on {dataset.Ref} ended as {job.State}: {job.Error}");
        if (job.State != DetectionJobState.Succeeded) return new Scored(true, job.Done, null, "");
        var evaluation = await monitor.EvaluateAsync(
            new EvaluationRequest(key, check.Model!, dataset.Ref, dataset.GroundTruth, job.Result!, purpose, check.Deployment), cancellationToken);
        return new Scored(false, dataset.Images, evaluation.Id, string.Create(CultureInfo.InvariantCulture, $"{purpose} {dataset.Ref}: mAP {evaluation.Stats[0]:0.000}."));
    }

    async Task<string> FinishAsync(HoldoutCheck check, Guid? live, Guid? locked, string outcome, CancellationToken cancellationToken)
    {
        // What is scored is kept before anybody else is asked, so that no check can stand in the way of the others.
        await checks.FinishAsync(check, live, locked, outcome, cancellationToken);
        var said = await TryAsync(() => ReportAsync(check.Deployment, live is not null || locked is not null, cancellationToken));
        if (check.Diagnose) said += await TryAsync(async () => $" {await diagnose.RunAsync(check.Deployment, DiagnosisOccasion.Annotations, cancellationToken)}");
        if (said.Length > 0) await checks.FinishAsync(check, live, locked, outcome + said, cancellationToken);
        return outcome + said;
    }

    static async Task<string> TryAsync(Func<Task<string>> ask)
    {
        try
        {
            return await ask();
        }
        catch (StackException exception)
        {
            return $" {exception.Message}";
        }
    }

    /// <summary>Tells Monitor that something was scored, or that nothing was: an occasion that comes in time and never scores is missed too.</summary>
    async Task<string> ReportAsync(string deployment, bool scored, CancellationToken cancellationToken)
    {
        using var connection = storage.GetConnection();
        var job = connection.GetRecurringJobs().FirstOrDefault(job => job.Id == $"weekly-holdout:{deployment}");
        var now = time.GetUtcNow();
        var next = job?.NextExecution is { } at && DateTime.SpecifyKind(at, DateTimeKind.Utc) > now.UtcDateTime ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : now.AddDays(7);
        await monitor.PutScheduleAsync($"holdout-scored:{deployment}", new ScheduleHeartbeat(deployment, null, next + ScoringTime - now, now, Failed: !scored), cancellationToken);
        return "";
    }
}
