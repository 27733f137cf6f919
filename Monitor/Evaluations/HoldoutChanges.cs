using Dapper;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Hosting;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>Differences of two points of a holdout, resampled once for each pair and kept.</summary>
sealed class HoldoutChanges(NpgsqlDataSource database, EvaluationOptions options)
{
    public async Task<HoldoutChange> BetweenAsync(HoldoutPoint first, HoldoutPoint last, CancellationToken cancellationToken)
    {
        var key = new { first = first.Evaluation, last = last.Evaluation };
        if (await Documents.FirstAsync<HoldoutChange>(
            database, "select change from evaluation_differences where first = @first and last = @last", key, cancellationToken) is { } known) return known;
        var earlier = await EvaluationStore.MatchesAsync(database, first.Evaluation, cancellationToken);
        var later = await EvaluationStore.MatchesAsync(database, last.Evaluation, cancellationToken);
        var change = earlier is null || later is null ? Independent(first, last) : Resampled(first, last, earlier, later);
        // Kept also when nobody waits for it any more: it was the costly part.
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into evaluation_differences (first, last, change) values (@first, @last, @change::jsonb) on conflict do nothing",
            new { key.first, key.last, change = Documents.Write(change) }, cancellationToken: CancellationToken.None));
        return change;
    }

    HoldoutChange Resampled(HoldoutPoint first, HoldoutPoint last, CocoMatches earlier, CocoMatches later)
    {
        var (difference, interval, shared) = EvaluationDifference.Of(earlier, later, options.Resamples, options.Seed);
        return Change(first, last, difference, interval?.Low, interval?.High, shared);
    }

    /// <summary>
    /// Without the matches of both, which evaluations of long ago did not keep: as if no image were shared, so that half widths add up as squares. That
    /// is never narrower than the truth for holdouts that share images.
    /// </summary>
    public static HoldoutChange Independent(HoldoutPoint first, HoldoutPoint last)
    {
        var difference = last.MeanAveragePrecision - first.MeanAveragePrecision;
        if (first is not { Low: { } firstLow, High: { } firstHigh } || last is not { Low: { } lastLow, High: { } lastHigh })
            return Change(first, last, difference, null, null, 0);
        var half = Math.Sqrt(Math.Pow(firstHigh - firstLow, 2) + Math.Pow(lastHigh - lastLow, 2)) / 2;
        return Change(first, last, difference, difference - half, difference + half, 0);
    }

    static HoldoutChange Change(HoldoutPoint first, HoldoutPoint last, double difference, double? low, double? high, int shared) =>
        new(first.Evaluation, last.Evaluation, difference, low, high, shared > 0, shared, low > 0 || high < 0);
}
