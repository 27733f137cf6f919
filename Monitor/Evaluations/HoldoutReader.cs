using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Hosting;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>Gathers a deployment's holdout curves and has them judged.</summary>
public sealed class HoldoutReader(NpgsqlDataSource database, IOptions<EvaluationOptions> options, TimeProvider time)
{
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
            [.. Markers(baselines).Where(marker => marker.At >= from)], await VerdictAsync(deployment, live, baselines, cancellationToken),
            HoldoutTrend.Labels(live.LastOrDefault(), wantedWidth), lastRun, due, due + options.Value.HoldoutGrace < now);
    }

    /// <summary>What the live curve says now.</summary>
    public async Task<HoldoutVerdict> VerdictAsync(DeploymentInfo deployment, CancellationToken cancellationToken) => await VerdictAsync(deployment,
        await PointsAsync(deployment.Name, EvaluationPurposes.LiveHoldout, cancellationToken),
        await BaselineStore.ListAsync(database, deployment.Name, cancellationToken), cancellationToken);

    async Task<HoldoutVerdict> VerdictAsync(
        DeploymentInfo deployment, List<HoldoutPoint> live, List<BaselineInfo> baselines, CancellationToken cancellationToken)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(deployment.Zone);
        var baseline = baselines.FirstOrDefault(baseline => baseline.State == BaselineState.Locked && baseline.Model == deployment.Champion);
        var atLock = baseline is null ? null : HoldoutTrend.AtLock(live, baseline);
        var newest = live.LastOrDefault(point => point.Model == deployment.Champion);
        var sinceLock = atLock is null || newest is null || atLock == newest ? null : await ChangeAsync(atLock, newest, cancellationToken);
        var trend = HoldoutTrend.Ends(live, zone) is { } ends ? await ChangeAsync(ends.First, ends.Last, cancellationToken) : null;
        return HoldoutTrend.Judge(live, zone, sinceLock, trend, options.Value.HoldoutDrop);
    }

    /// <summary>Resampled once for each pair of evaluations.</summary>
    async Task<HoldoutChange> ChangeAsync(HoldoutPoint first, HoldoutPoint last, CancellationToken cancellationToken)
    {
        var key = new { first = first.Evaluation, last = last.Evaluation };
        if (await Documents.FirstAsync<HoldoutChange>(
            database, "select change from evaluation_differences where first = @first and last = @last", key, cancellationToken) is { } known) return known;
        var change = new HoldoutChange(first.Evaluation, last.Evaluation, last.MeanAveragePrecision - first.MeanAveragePrecision, null, null, false, 0, false);
        var (earlier, later) = (await EvaluationStore.MatchesAsync(database, first.Evaluation, cancellationToken), await EvaluationStore.MatchesAsync(database, last.Evaluation, cancellationToken));
        if (earlier is not null && later is not null)
        {
            var (difference, interval, shared) = EvaluationDifference.Of(earlier, later, options.Value.Resamples, options.Value.Seed);
            change = new HoldoutChange(first.Evaluation, last.Evaluation, difference, interval?.Low, interval?.High, shared > 0, shared,
                interval is { } range && (range.Low > 0 || range.High < 0));
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into evaluation_differences (first, last, change) values (@first, @last, @change::jsonb) on conflict do nothing",
            new { key.first, key.last, change = Documents.Write(change) }, cancellationToken: cancellationToken));
        return change;
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
