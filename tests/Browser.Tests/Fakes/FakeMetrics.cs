using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>Lines of a deployment with a day's rhythm, whose p95 left its budget twelve minutes ago, and an hour without telemetry two days back.</summary>
public sealed class FakeMetrics(FakeLine line)
{
    static readonly string[] Cameras = [.. Enumerable.Range(1, 12).Select(camera => $"munich-cam-{camera}")];

    /// <summary>The queries that were asked, newest last.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Asked { get; } = [];

    internal void Map(WebApplication app)
    {
        app.MapGet("/v1/deployments/{name}/metrics", (HttpRequest request, string name, string metric, DateTimeOffset from, DateTimeOffset to, string? split, string? format, int step = 600) =>
        {
            if (request.Query.ContainsKey("class") && metric is not ("detections" or "detectionsPerMinute" or "confidence")) return Results.Problem("Only detections, classes and confidence know a class.", statusCode: 400);
            Asked.Enqueue(request.QueryString.Value!);
            if (format == "csv") return Results.Text($"time,series,value\n{from:O},p95,138.2\n", "text/csv");
            return Results.Ok(name == "weld-seam" ? new MetricsResponse([], "", step) : new MetricsResponse([.. Lines(metric, from, to, step, split ?? "none")], "", step));
        });
        app.MapGet("/v1/deployments/{name}/figures", (string name) => name == "weld-seam" ? [] : new MetricFigure[]
        {
            new("requestRate", "requests/s", 4.62, 4.48, 3.1), new("latencyP50", "ms", 47.2, 44.6, 5.8), new("latencyP95", "ms", 96.4, 82.1, 17.4),
            new("latencyP99", "ms", 131, 112, 17), new("errorRate", "share", 0.0042, 0.0041, 2.4), new("detectionsPerRequest", "detections/request", 6.71, 6.9, -2.8),
            new("detectionsPerMinute", "detections/min", 1859, 1854, 0.3), new("meanConfidence", "confidence", 0.713, 0.741, -3.8),
        });
        app.MapGet("/v1/deployments/{name}/dimensions", () => new MetricDimensions(
            [FakeLine.Champion, FakeLine.Candidate], [ModelSlot.Champion, ModelSlot.Candidate], ["detroit", "munich", "suzhou"], Cameras, FakeLine.Classes));
    }

    IEnumerable<MetricSeries> Lines(string metric, DateTimeOffset from, DateTimeOffset to, int step, string split)
    {
        string[] values = split switch
        {
            "version" => ["line:1", "line:2"], "slot" => ["champion", "candidate"], "region" => ["detroit", "munich", "suzhou"], "camera" => Cameras, "class" => FakeLine.Classes, _ => [""],
        };
        foreach (var (value, part) in values.Select((value, index) => (value, 1 - 0.13 * index / (values.Length > 4 ? 3 : 1))))
            foreach (var (label, name, measure) in Measures(metric))
            {
                var labels = new Dictionary<string, string> { [label] = name };
                if (value.Length > 0) labels[split] = value;
                yield return new MetricSeries(labels, [.. Times(from, to, step).Select(at => new MetricPoint(at, IsGap(at) ? null : measure(at) * part * (1 + Noise(at, name + value))))]);
            }
    }

    (string Label, string Name, Func<DateTimeOffset, double> Measure)[] Measures(string metric) => metric switch
    {
        "latency" => [("p", "50", at => Late(at, 44, 61)), ("p", "95", at => Late(at, 82, 138)), ("p", "99", at => Late(at, 110, 172))],
        "requests" => [("unit", "requests/s", at => 4.6 + 0.9 * Day(at))],
        "errors" => [("kind", "all", _ => 0.0042), ("kind", "badInput", _ => 0.003), ("kind", "overloaded", at => Late(at, 0.0002, 0.0009)), ("kind", "timeout", _ => 0.0007), ("kind", "failed", _ => 0)],
        "detections" => [("per", "request", at => Late(at, 6.9, 6.4)), ("per", "minute", at => Late(at, 1900, 1776))],
        "detectionsPerMinute" => [("per", "minute", at => Late(at, 1900, 1776) * (1 + 0.2 * Day(at)))],
        "regions" => [("region", "detroit", at => 0.31 - 0.08 * Day(at)), ("region", "munich", at => 0.52 + 0.08 * Day(at)), ("region", "suzhou", _ => 0.17)],
        "stages" => [("stage", "upload", _ => 9.5), ("stage", "queue", at => Late(at, 1.2, 14)), ("stage", "decode", _ => 4.1), ("stage", "inference", at => Late(at, 38, 43)), ("stage", "postprocess", _ => 0.6)],
        _ => [("unit", "confidence", at => Late(at, 0.74, 0.61))],
    };

    static IEnumerable<DateTimeOffset> Times(DateTimeOffset from, DateTimeOffset to, int step)
    {
        for (var second = from.ToUnixTimeSeconds() / step * step; second < to.ToUnixTimeSeconds(); second += step) yield return DateTimeOffset.FromUnixTimeSeconds(second);
    }

    double Late(DateTimeOffset at, double before, double after) => line.Now - at < TimeSpan.FromMinutes(12) ? after : before;

    bool IsGap(DateTimeOffset at) => line.Now - at is { TotalHours: > 49 and < 50 } or { TotalMinutes: > 34 and < 38 };

    static double Day(DateTimeOffset at) => Math.Sin(at.ToUnixTimeSeconds() / 86_400.0 * 2 * Math.PI);

    static double Noise(DateTimeOffset at, string name) => ((at.ToUnixTimeSeconds() * 7919 + name.Length * 104_729L + name[^1] * 31L) % 97 / 97.0 - 0.5) * 0.09;
}
