using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Drift;

/// <summary>Reads windows from the series.</summary>
static class WindowReader
{
    /// <summary>What the champion slot measured of a model in [from, to): whole cells from the coarsest resolution that fits, their ends from finer ones.</summary>
    /// <param name="from">To ten seconds.</param>
    /// <param name="cameras">Those that are told apart; null = the busiest <paramref name="most"/>.</param>
    public static async Task<SignalWindow> ReadAsync(
        NpgsqlDataSource database, string deployment, ModelRef model, DateTimeOffset from, DateTimeOffset to, int cellSeconds,
        IReadOnlySet<string>? cameras, int most, CancellationToken cancellationToken)
    {
        var buckets = await BucketsAsync(database, deployment, from, to, cellSeconds, SketchParts.Distributions | SketchParts.Images,
            series => series.Model == model && series.Slot == ModelSlot.Champion, cancellationToken);
        return SignalWindow.Of(buckets, model, from, to, cellSeconds, cameras, most);
    }

    /// <summary>All buckets of [from, to), none longer than a cell.</summary>
    public static async Task<List<SeriesBucket>> BucketsAsync(
        NpgsqlDataSource database, string deployment, DateTimeOffset from, DateTimeOffset to, int cellSeconds, SketchParts parts,
        Func<SeriesKey, bool> where, CancellationToken cancellationToken)
    {
        var buckets = new List<SeriesBucket>();
        int[] resolutions = [.. new[] { Resolutions.Hour, Resolutions.Minute, Resolutions.TenSeconds }.Where(resolution => cellSeconds % resolution == 0)];
        foreach (var (resolution, start, end) in Pieces(resolutions, from, to))
            buckets.AddRange(await SeriesStore.ReadAsync(
                database, new SeriesQuery(deployment, resolution, start, end) { Parts = parts, Where = where }, cancellationToken));
        return buckets;
    }

    /// <summary>Cuts [from, to) so that each piece begins and ends on a bucket of its resolution.</summary>
    /// <param name="resolutions">Seconds, coarsest first.</param>
    internal static IEnumerable<(int Resolution, DateTimeOffset From, DateTimeOffset To)> Pieces(int[] resolutions, DateTimeOffset from, DateTimeOffset to)
    {
        if (from >= to) yield break;
        var resolution = resolutions[0];
        var (first, last) = (from.AddSeconds(resolution - 1).Floor(resolution), to.Floor(resolution));
        if (resolutions.Length == 1 || (from == first && to == last))
        {
            yield return (resolution, from, to);
            yield break;
        }
        if (first >= last)
        {
            foreach (var piece in Pieces(resolutions[1..], from, to)) yield return piece;
            yield break;
        }
        foreach (var piece in Pieces(resolutions[1..], from, first)) yield return piece;
        yield return (resolution, first, last);
        foreach (var piece in Pieces(resolutions[1..], last, to)) yield return piece;
    }
}
