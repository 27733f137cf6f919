using System.Globalization;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages.Deployments;

/// <summary>What a person looks at on the metrics tab; the URL holds all of it.</summary>
/// <param name="From">Start of a custom range; null = <paramref name="Range"/> back from now.</param>
/// <param name="Split">One of <see cref="Splits"/>.</param>
public sealed record MetricsView(MetricsRange Range, DateTimeOffset? From, DateTimeOffset? To, string Split, MetricFilter Filter)
{
    /// <summary>Telemetry is this far behind: a younger step would look like a fall.</summary>
    static readonly TimeSpan TelemetryDelay = TimeSpan.FromSeconds(4);
    static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    public static IReadOnlyList<(string Value, string Text)> Splits { get; } =
        [("none", "Not split"), ("version", "Model version"), ("slot", "Slot"), ("region", "Region"), ("camera", "Camera"), ("class", "Class")];

    public bool IsCustom => From is not null;

    /// <summary>The view of a URL's parameters; what makes no sense counts as absent.</summary>
    public static MetricsView Of(string? range, string? from, string? to, string? split, MetricFilter filter)
    {
        var (start, end) = (Instant(from), Instant(to));
        if (start is null || end is null || end - start < Shortest) (start, end) = (null, null);
        return new MetricsView(MetricsRange.Of(range), start, end, Splits.Any(one => one.Value == split) ? split! : "none", filter);
    }

    public TimeWindow Window(DateTimeOffset now) => From is { } from && To is { } to
        ? new TimeWindow(from, to < now ? to : now)
        : new TimeWindow(now - TelemetryDelay - Range.Length, now - TelemetryDelay);

    /// <summary>The parameters that lead back to this view; null takes one out of the URL.</summary>
    public IReadOnlyDictionary<string, object?> Parameters => new Dictionary<string, object?>
    {
        ["range"] = IsCustom ? null : Range.Name,
        ["from"] = Text(From),
        ["to"] = Text(To),
        ["split"] = Split == "none" ? null : Split,
        ["model"] = Filter.Model, ["slot"] = Filter.Slot, ["region"] = Filter.Region, ["camera"] = Filter.Camera, ["class"] = Filter.Class,
    };

    public MetricsView Between(DateTimeOffset from, DateTimeOffset to) =>
        this with { From = from, To = to - from < Shortest ? from + Shortest : to };

    /// <summary>Twice as long around the same middle.</summary>
    public MetricsView Wider(DateTimeOffset now)
    {
        var window = Window(now);
        var end = window.To + window.Length / 2;
        return Between(window.From - window.Length / 2, end < now ? end : now);
    }

    /// <summary>The stretch before (-1) or after (+1) this one.</summary>
    public MetricsView Moved(int direction, DateTimeOffset now)
    {
        var window = Window(now);
        var end = window.To + direction * window.Length;
        if (end > now) end = now;
        return Between(end - window.Length, end);
    }

    public static string? Text(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>A time of a URL; null when it is none.</summary>
    public static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
}
