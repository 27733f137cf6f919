using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>
/// Adds the seconds of batches to the buckets they belong to. A second goes into the finest tables; into a coarser one only when that bucket
/// is rolled up already: otherwise the roll-up will bring it.
/// </summary>
/// <param name="keptFrom">From when on each table keeps buckets: what is older goes into coarser ones only.</param>
sealed class BatchFold(SeriesFrontiers frontiers, IReadOnlyDictionary<SeriesTable, long> keptFrom, Func<string, TimeZoneInfo> zoneOf)
{
    readonly Dictionary<SeriesKey, SeriesKey> regions = [];
    readonly Dictionary<string, (long From, long To)> late = [];
    readonly long closedBefore = frontiers.Find(Resolutions.TenSeconds) ?? long.MinValue;

    public Dictionary<SeriesTable, Dictionary<(SeriesKey Series, long Start), SeriesSketch>> Rows { get; } = [];

    /// <summary>What came for time that was closed, by deployment; Unix seconds.</summary>
    public IEnumerable<(string? Deployment, long From, long To)> Late => late.Select(pair => ((string?)pair.Key, pair.Value.From, pair.Value.To));

    /// <summary>Adds the seconds in [from, until), after the shift that puts them on Monitor's clock.</summary>
    public void Add(byte[] body, long shift, long from, long until) => TelemetryBody.Visit(body, (series, sent, sketch) =>
    {
        var second = sent + shift;
        if (second < from || second >= until) return;
        if (second < closedBefore) NoteLate(series.Deployment, second);
        if (Keeps(SeriesTable.Seconds, second))
        {
            if (!regions.TryGetValue(series, out var region)) regions[series] = region = series.OfRegion();
            SketchCodec.AddTo(At(SeriesTable.Seconds, region, second), sketch.WithoutDistributions());
        }
        foreach (var table in SeriesTable.All)
            if (table != SeriesTable.Seconds && Keeps(table, second) && IsWritten(table, series.Deployment, second))
                SketchCodec.AddTo(At(table, series, StartOf(table, series.Deployment, second)), sketch);
    });

    /// <summary>Sums the cameras of each region, which is less than adding every second twice. Call once, after all batches.</summary>
    public void SumRegions()
    {
        foreach (var (table, rows) in Rows.Where(pair => pair.Key != SeriesTable.Seconds))
            foreach (var ((series, start), sketch) in rows.ToList())
                At(table, regions.TryGetValue(series, out var region) ? region : regions[series] = series.OfRegion(), start).Add(sketch);
    }

    void NoteLate(string deployment, long second) => late[deployment] = late.TryGetValue(deployment, out var known)
        ? (Math.Min(known.From, second), Math.Max(known.To, second + 1))
        : (second, second + 1);

    bool Keeps(SeriesTable table, long second) => second >= keptFrom[table];

    bool IsWritten(SeriesTable table, string deployment, long second) =>
        table.Source is null || frontiers.Find(table.Resolution, deployment) is { } until && second < until;

    long StartOf(SeriesTable table, string deployment, long second) => table == SeriesTable.Days
        ? ZoneDays.StartOf(DateTimeOffset.FromUnixTimeSeconds(second), zoneOf(deployment)).ToUnixTimeSeconds()
        : Resolutions.Floor(second, table.Resolution);

    SeriesSketch At(SeriesTable table, SeriesKey series, long start)
    {
        if (!Rows.TryGetValue(table, out var rows)) Rows[table] = rows = [];
        if (!rows.TryGetValue((series, start), out var sketch)) rows[(series, start)] = sketch = new SeriesSketch();
        return sketch;
    }
}
