using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>Reads what rules need of series and no more: sums per region unless a rule names a camera, and latencies only for rules on latency.</summary>
static class RuleSeries
{
    /// <summary>The steps of [from, to) in order.</summary>
    /// <param name="length">Of a step; both bounds lie between steps.</param>
    public static async Task<List<MinuteFigures>> ReadAsync(
        NpgsqlDataSource database, string deployment, RuleTraffic traffic, SketchParts parts, TelemetryCoverage coverage, DateTimeOffset from,
        DateTimeOffset to, TimeSpan length, CancellationToken cancellationToken)
    {
        var seconds = (int)length.TotalSeconds;
        var resolution = seconds % Resolutions.Minute == 0 ? Resolutions.Minute : Resolutions.TenSeconds;
        var sketches = new Dictionary<DateTimeOffset, SeriesSketch>();
        await SeriesStore.ScanAsync(database, Query(deployment, resolution, traffic, parts, from, to), (_, start, sketch) =>
        {
            var step = DateTimeOffset.FromUnixTimeSeconds(Resolutions.Floor(start, seconds));
            if (!sketches.TryGetValue(step, out var sum)) sketches[step] = sum = new SeriesSketch();
            SketchCodec.AddTo(sum, sketch);
        }, cancellationToken);
        return MinuteFigures.Of(sketches, traffic, coverage, from, to, length);
    }

    /// <summary>What was detected in [from, to), whole minutes.</summary>
    public static async Task<DetectedFigures> DetectedAsync(
        NpgsqlDataSource database, string deployment, RuleTraffic traffic, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var sum = new SeriesSketch();
        await SeriesStore.ScanAsync(database, Query(deployment, Resolutions.Minute, traffic, SketchParts.Counts, from, to),
            (_, _, sketch) => SketchCodec.AddTo(sum, sketch), cancellationToken);
        return DetectedFigures.Of(sum, traffic.Class);
    }

    public static SketchParts PartsFor(IEnumerable<AlertRuleInfo> rules) =>
        rules.Any(rule => rule.Metric is AlertMetric.LatencyP50 or AlertMetric.LatencyP95 or AlertMetric.LatencyP99) ? SketchParts.Latency : SketchParts.Counts;

    static SeriesQuery Query(string deployment, int resolution, RuleTraffic traffic, SketchParts parts, DateTimeOffset from, DateTimeOffset to) =>
        new(deployment, resolution, from, to) { Level = traffic.Camera is null ? SeriesLevel.Region : SeriesLevel.Camera, Parts = parts, Where = traffic.Holds };
}
