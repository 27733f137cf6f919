using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Metrics;

/// <summary>The query of a chart as it came in.</summary>
public sealed record MetricRequest(
    [property: FromQuery] string? Metric, [property: FromQuery] DateTimeOffset? From, [property: FromQuery] DateTimeOffset? To, [property: FromQuery] int? Step,
    [property: FromQuery] string? Percentiles, [property: FromQuery] string? Split, [property: FromQuery] string? Model, [property: FromQuery] string? Slot,
    [property: FromQuery] string? Region, [property: FromQuery] string? Camera, [property: FromQuery] string? Class, [property: FromQuery] string? Format);

/// <summary>A chart that can be drawn.</summary>
/// <param name="Percentiles">Each in [0, 100].</param>
public sealed record MetricChart(Metric Metric, MetricSplit Split, MetricRange Range, MetricFilter Filter, IReadOnlyList<double> Percentiles)
{
    const int MostPoints = 5000, UsualPoints = 750, PointsPerCamera = 200;

    /// <summary>Whether the step may be lengthened: nobody asked for it.</summary>
    public bool IsStepFree { get; init; }

    public SeriesLevel Level => Split == MetricSplit.Camera ? SeriesLevel.Camera : Filter.Level;

    /// <summary>Checks a request and fills in what it leaves open: the last hour, and a step that suits the range.</summary>
    /// <returns>The chart, or a sentence that says what is wrong.</returns>
    public static (MetricChart? Chart, string? Refusal) Parse(MetricRequest request, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (Known<Metric>(request.Metric) is not { } metric) return Refuse($"metric is one of {Names<Metric>()}, not '{request.Metric}'.");
        if (Known<MetricSplit>(request.Split ?? "none") is not { } split) return Refuse($"split is one of {Names<MetricSplit>()}, not '{request.Split}'.");
        if (split == MetricSplit.Kind && !metric.HasKinds()) return Refuse("Only requests and errors can be split by kind.");
        if ((split == MetricSplit.Class || request.Class is not null) && !metric.HasClasses()) return Refuse("Only detections, classes and confidence know a class.");
        if (request.Format is not (null or "json" or "csv")) return Refuse($"format is json or csv, not '{request.Format}'.");
        if (MetricFilter.Parse(request.Model, request.Slot, request.Region, request.Camera, request.Class) is { Refusal: { } wrong }) return Refuse(wrong);
        var filter = MetricFilter.Parse(request.Model, request.Slot, request.Region, request.Camera, request.Class).Filter!;
        if (ParsePercentiles(request.Percentiles ?? (metric == Metrics.Metric.Stages ? "50,95" : "50,95,99")) is not { } percentiles)
            return Refuse("percentiles are numbers between 0 and 100, separated by commas.");

        var to = request.To ?? now;
        var from = request.From ?? to.AddHours(-1);
        if (from >= to) return Refuse("from is before to.");
        if (from < DateTimeOffset.UnixEpoch || to.Year > 9000) return Refuse("from and to are times that telemetry can have.");
        var step = request.Step ?? (metric == Metrics.Metric.Regions ? Resolutions.Day
            : MetricRange.StepFor(to - from, split == MetricSplit.Camera ? PointsPerCamera : UsualPoints));
        if (step < 1 || (step >= Resolutions.TenSeconds && step % Resolutions.TenSeconds != 0)) return Refuse("step is 1 to 9 seconds or a multiple of 10.");
        if (step < Resolutions.TenSeconds && (filter.Camera is not null || split == MetricSplit.Camera))
            return Refuse("Single seconds are kept per region: take a step of 10 seconds or more for cameras.");
        if ((to - from).TotalSeconds / step > MostPoints) return Refuse($"That is more than {MostPoints} points: take a longer step.");
        return (new MetricChart(metric, split, new MetricRange(from, to, step, zone), filter, percentiles) { IsStepFree = request.Step is null }, null);
    }

    static (MetricChart?, string?) Refuse(string reason) => (null, reason);

    static T? Known<T>(string? name) where T : struct, Enum => Enum.TryParse<T>(name, ignoreCase: true, out var value) && Enum.IsDefined(value) && !int.TryParse(name, out _) ? value : null;

    static string Names<T>() where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName));

    static List<double>? ParsePercentiles(string text)
    {
        var percentiles = new List<double>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var p) || p is not (>= 0 and <= 100)) return null;
            percentiles.Add(p);
        }
        return percentiles.Count == 0 ? null : percentiles;
    }
}
