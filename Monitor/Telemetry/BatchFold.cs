using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>
/// Adds the seconds of batches to the buckets they belong to. A second goes into the finest tables; into a coarser one only when that bucket
/// is rolled up already: otherwise the roll-up will bring it.
/// </summary>
/// <param name="keptFrom">From when on each table keeps buckets: what is older goes into coarser ones only.</param>
sealed class BatchFold(SeriesFrontiers frontiers, IReadOnlyDictionary<SeriesTable, long> keptFrom, Func<string, TimeZoneInfo> zoneOf)
{
    sealed record Target(SeriesTable Table, long KeptFrom, Dictionary<(SeriesKey Series, long Start), SeriesSketch> Rows)
    {
        public SeriesSketch At(SeriesKey series, long start)
        {
            if (!Rows.TryGetValue((series, start), out var sketch)) Rows[(series, start)] = sketch = new SeriesSketch();
            return sketch;
        }
    }

    readonly Target seconds = new(SeriesTable.Seconds, keptFrom[SeriesTable.Seconds], []);
    readonly Target[] buckets = [.. SeriesTable.All.Where(table => table != SeriesTable.Seconds).Select(table => new Target(table, keptFrom[table], []))];
    readonly Dictionary<SeriesKey, SeriesKey> regions = [];
    readonly Dictionary<string, (long From, long To)> late = [];
    readonly long rolledUp = SeriesTable.All.Where(table => table.Source is not null).Max(table => frontiers.Newest(table.Resolution)) ?? long.MinValue;
    readonly long closedBefore = frontiers.Find(Resolutions.TenSeconds) ?? long.MinValue;

    /// <summary>What was added up, for each table.</summary>
    public IEnumerable<(SeriesTable Table, IReadOnlyDictionary<(SeriesKey Series, long Start), SeriesSketch> Rows)> Rows =>
        buckets.Prepend(seconds).Select(target => (target.Table, (IReadOnlyDictionary<(SeriesKey, long), SeriesSketch>)target.Rows));

    /// <summary>What came for time that was closed, by deployment; Unix seconds.</summary>
    public IEnumerable<(string? Deployment, long From, long To)> Late => late.Select(pair => ((string?)pair.Key, pair.Value.From, pair.Value.To));

    /// <summary>Adds the seconds in [from, until), after the shift that puts them on Monitor's clock.</summary>
    public void Add(byte[] body, long shift, long from, long until) => TelemetryBody.Visit(body, (series, sent, sketch) =>
    {
        var second = sent + shift;
        if (second < from || second >= until) return;
        if (second < closedBefore) NoteLate(series.Deployment, second);
        if (second >= seconds.KeptFrom) SketchCodec.AddTo(seconds.At(RegionOf(series), second), sketch.WithoutDistributions());
        foreach (var target in buckets)
            if (second >= target.KeptFrom && IsWritten(target.Table, series.Deployment, second))
                SketchCodec.AddTo(target.At(series, StartOf(target.Table, series.Deployment, second)), sketch);
    });

    /// <summary>Sums the cameras of each region, which is less than adding every second twice. Call once, after all batches.</summary>
    public void SumRegions()
    {
        foreach (var target in buckets)
            foreach (var ((series, start), sketch) in target.Rows.ToList())
                target.At(RegionOf(series), start).Add(sketch);
    }

    SeriesKey RegionOf(SeriesKey series)
    {
        if (!regions.TryGetValue(series, out var region)) regions[series] = region = series.OfRegion();
        return region;
    }

    void NoteLate(string deployment, long second) => late[deployment] = late.TryGetValue(deployment, out var known)
        ? (Math.Min(known.From, second), Math.Max(known.To, second + 1))
        : (second, second + 1);

    bool IsWritten(SeriesTable table, string deployment, long second) =>
        table.Source is null || (second < rolledUp && frontiers.Find(table.Resolution, deployment) is { } until && second < until);

    long StartOf(SeriesTable table, string deployment, long second) => table.Resolution == Resolutions.Day
        ? ZoneDays.StartOf(DateTimeOffset.FromUnixTimeSeconds(second), zoneOf(deployment)).ToUnixTimeSeconds()
        : Resolutions.Floor(second, table.Resolution);
}
