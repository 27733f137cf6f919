using System.Globalization;
using Hangfire;
using RetrainLoop.Web.Loop.Holdouts;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>
/// On each occasion of the deployment's cron: the live holdout is renewed by the newest reviewed random frames and the champion scored on it: the curve
/// that can fall. The occasion is noted at once and worked off by the pulse, since the detection job takes its time.
/// </summary>
public sealed class WeeklyHoldout(
    ArrowLock turns, HoldoutChecks checks, DetectOnDataset detections, InferenceClient inference, LabelingClient labeling, MonitorClient monitor,
    PulseSignal pulse, TimeProvider time) : Arrow(turns)
{
    /// <param name="zone">IANA zone of the deployment.</param>
    [AutomaticRetry(Attempts = 0)]
    public async Task<string> NoteAsync(string deployment, string zone, CancellationToken cancellationToken)
    {
        var local = TimeZoneInfo.ConvertTime(time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(zone));
        var occasion = local.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
        await checks.AddAsync(deployment, occasion, cancellationToken);
        pulse.Wake();
        return $"Noted for {occasion}.";
    }

    /// <summary>By which the services know the run.</summary>
    public static string KeyOf(HoldoutCheck check) => $"weekly-holdout:{check.Deployment}:{check.Occasion}";

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
            return await FinishAsync(check, null, exception.Message, cancellationToken);
        }
    }

    async Task<string> StepAsync(HoldoutCheck check, CancellationToken cancellationToken)
    {
        var key = KeyOf(check);
        if (check.Dataset is null)
        {
            var champion = (await inference.DeploymentAsync(check.Deployment, cancellationToken)).Champion;
            var holdouts = await labeling.RefreshLiveHoldoutAsync(check.Deployment, new HoldoutRequest(key), cancellationToken);
            if (holdouts.Live is null) return await FinishAsync(check, null, "Too few reviewed random frames for a live holdout.", cancellationToken);
            check = await checks.PinAsync(check, champion, holdouts.Live, cancellationToken);
        }
        var (model, dataset) = (check.Model!, check.Dataset!);
        var job = await detections.EnsureAsync(key, check.Deployment, model, dataset, cancellationToken);
        if (job.State is DetectionJobState.Failed or DetectionJobState.Cancelled) return await FinishAsync(
            check, null, $"The detection job ended as {job.State}: {job.Error}", cancellationToken);
        if (job.State != DetectionJobState.Succeeded) return $"{job.Done} of {job.Total} images.";
        var evaluation = await monitor.EvaluateAsync(
            new EvaluationRequest(key, model, dataset.Ref, dataset.GroundTruth, job.Result!, "live-holdout", check.Deployment), cancellationToken);
        return await FinishAsync(
            check, evaluation.Id, string.Create(CultureInfo.InvariantCulture, $"{model} on {dataset.Ref}: mAP {evaluation.Stats[0]:0.000}."),
            cancellationToken);
    }

    async Task<string> FinishAsync(HoldoutCheck check, Guid? evaluation, string outcome, CancellationToken cancellationToken)
    {
        await checks.FinishAsync(check, evaluation, outcome, cancellationToken);
        return outcome;
    }
}
