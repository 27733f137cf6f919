using System.Globalization;
using System.Text;

namespace RetrainLoop.Monitor.Metrics.Exposition;

/// <summary>
/// The text exposition format 0.0.4 of Prometheus: one group per metric with its HELP and TYPE, label values with backslash, quote and line feed
/// escaped, lines that end in a line feed.
/// </summary>
static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<LatestFigure> figures)
    {
        var text = new StringBuilder();
        foreach (var metric in figures.GroupBy(figure => figure.Name)) // a metric's lines must stand together
        {
            text.Append("# HELP ").Append(metric.Key).Append(' ').Append(EscapeHelp(metric.First().Help)).Append('\n');
            text.Append("# TYPE ").Append(metric.Key).Append(" gauge\n");
            foreach (var figure in metric) Line(text, figure);
        }
        return text.ToString();
    }

    static void Line(StringBuilder text, LatestFigure figure)
    {
        text.Append(figure.Name);
        if (figure.Labels.Count > 0)
            text.Append('{').AppendJoin(',', figure.Labels.Select(label => $"{label.Key}=\"{EscapeLabel(label.Value)}\"")).Append('}');
        text.Append(' ').Append(Number(figure.Value)).Append('\n');
    }

    static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture), // NaN is "NaN" there too
    };

    static string EscapeHelp(string help) => help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
    static string EscapeLabel(string value) => EscapeHelp(value).Replace("\"", "\\\"", StringComparison.Ordinal);
}
