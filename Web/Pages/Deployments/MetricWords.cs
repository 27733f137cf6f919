using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Deployments;

/// <summary>Parts of Monitor's answers in words.</summary>
static class MetricWords
{
    /// <summary>In the order in which a frame goes through them; the first is the caller's network and no part of the latency.</summary>
    public static IReadOnlyList<string> Stages { get; } = [Upload, "queue", "decode", "inference", "postprocess"];

    public const string Upload = "upload";

    public static string ErrorKind(string kind) => kind switch
    {
        "badInput" => "Bad input",
        "overloaded" => "Overloaded",
        "timeout" => "Timeout",
        "failed" => "Failed",
        _ => kind,
    };

    public static string Stage(string stage) => stage switch
    {
        Upload => "Upload",
        "queue" => "Queue",
        "decode" => "Decode",
        "inference" => "Inference",
        "postprocess" => "Postprocess",
        _ => stage,
    };

    /// <summary>Whether a series is a part of the whole; the total would stand on its own parts.</summary>
    public static bool IsStage(MetricSeries series) => Stages.Contains(series.Labels.GetValueOrDefault("stage")) && series.Labels.GetValueOrDefault("p", "mean") is "mean" or "50";

    /// <summary>For example <c>10 s, 5 min, 1 h, day</c>.</summary>
    public static string Step(int seconds) => seconds switch
    {
        86_400 => "day",
        >= 3600 => $"{seconds / 3600} h",
        >= 60 => $"{seconds / 60} min",
        _ => $"{seconds} s",
    };

    /// <summary>A figure with its unit as people write it.</summary>
    public static Figure Of(MetricFigure figure) => figure.Unit switch
    {
        "share" => Figure.Percent(figure.Value),
        "ms" => Figure.Milliseconds(figure.Value),
        "requests/s" => Figure.PerSecond(figure.Value),
        "detections/request" => Figure.Number(figure.Value, "per request"),
        "detections/min" => Figure.Number(figure.Value, "per min"),
        _ => Figure.Number(figure.Value, ""),
    };
}
