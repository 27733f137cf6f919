using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Baselines;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>Gathers a deployment's holdout curves and has them judged: the one place that says whether live mAP dropped or falls.</summary>
public sealed class HoldoutReader(NpgsqlDataSource database, IOptions<EvaluationOptions> options, TimeProvider time)
{
    readonly HoldoutChanges changes = new(database, options.Value);

    /// <param name="wantedWidth">Of the 95 % interval, as a fraction.</param>
    public async Task<HoldoutHistory> ReadAsync(DeploymentInfo deployment, int weeks, double wantedWidth, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var from = now.AddDays(-7 * weeks);
        var live = await PointsAsync(deployment.Name, EvaluationPurposes.LiveHoldout, cancellationToken);
        var locked = await PointsAsync(deployment.Name, EvaluationPurposes.LockedHoldout, cancellationToken);
        var baselines = await BaselineStore.ListAsync(database, deployment.Name, cancellationToken);
        var lastRun = live.Concat(locked).Select(point => (DateTimeOffset?)point.At).Max();
        var due = (lastRun ?? baselines.LastOrDefault()?.LockedAt) + options.Value.HoldoutEvery;
        return new HoldoutHistory(deployment.Name,
            [Curve(EvaluationPurposes.LiveHoldout, live, from), Curve(EvaluationPurposes.LockedHoldout, locked, from)],
            [.. Markers(baselines).Where(marker => marker.At >= from)], await VerdictAsync(deployment, deployment.Champion, cancellationToken),
            HoldoutTrend.Labels(live.LastOrDefault(), wantedWidth), lastRun, due, due + options.Value.HoldoutGrace < now);
    }

    /// <summary>What the live curve of a model says at its newest point, or what it said at an earlier one.</summary>
    /// <param name="at">Null = now.</param>
    /// <param name="drop">What counts as a drop, a fraction; null = by the options.</param>
    /// <param name="weeks">Drops in a row that make a downtrend.</param>
    public async Task<HoldoutVerdict> VerdictAsync(
        DeploymentInfo deployment, ModelRef model, CancellationToken cancellationToken, DateTimeOffset? at = null, double? drop = null,
        int weeks = HoldoutTrend.UsualWeeks)
    {
        var points = (await PointsAsync(deployment.Name, EvaluationPurposes.LiveHoldout, cancellationToken))
            .Where(point => point.Model == model && !(point.At > at)).ToList();
        var baseline = (await BaselineStore.ListAsync(database, deployment.Name, cancellationToken))
            .FirstOrDefault(baseline => baseline.State == BaselineState.Locked && baseline.Model == model);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(deployment.Zone);
        var atLock = baseline is null ? null : HoldoutTrend.AtLock(points, baseline);
        var sinceLock = atLock is null || atLock == points[^1] ? null : await changes.BetweenAsync(atLock, points[^1], cancellationToken);
        var trend = HoldoutTrend.Ends(points, zone, weeks) is { } ends ? await changes.BetweenAsync(ends.First, ends.Last, cancellationToken) : null;
        return HoldoutTrend.Judge(points, zone, atLock, sinceLock, trend, drop ?? options.Value.HoldoutDrop, weeks);
    }

    /// <summary>Oldest first, without those of sets that hold no object.</summary>
    async Task<List<HoldoutPoint>> PointsAsync(string deployment, string purpose, CancellationToken cancellationToken) =>
        [.. (await EvaluationStore.ListAsync(database, deployment, purpose, cancellationToken)).Where(evaluation => evaluation.Stats[0] >= 0).OrderBy(evaluation => evaluation.At)
            .Select(evaluation => evaluation.ToPoint())];

    static HoldoutCurve Curve(string purpose, List<HoldoutPoint> points, DateTimeOffset from) => new(purpose, [.. points.Where(point => point.At >= from)]);

    /// <summary>Each lock, and each start of a baseline of another model than before: that is when a rollout ended.</summary>
    static IEnumerable<HoldoutMarker> Markers(IEnumerable<BaselineInfo> baselines)
    {
        ModelRef? model = null;
        foreach (var baseline in baselines.OrderBy(baseline => baseline.From))
        {
            if (model is not null && model != baseline.Model) yield return new HoldoutMarker("rollout", baseline.From, baseline.Model, $"{baseline.Model} took over from {model}");
            model = baseline.Model;
            if (baseline.LockedAt is { } at) yield return new HoldoutMarker("baseline", at, baseline.Model, $"Baseline of {baseline.Model} locked");
        }
    }
}
