using System.Globalization;
using System.Text;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Metrics;

/// <summary>Charts as CSV (RFC 4180): a row per point, a column per label.</summary>
static class MetricsCsv
{
    public static string Write(MetricsResponse metrics)
    {
        var labels = metrics.Series.SelectMany(series => series.Labels.Keys).Distinct().Where(label => label != "unit").ToList();
        var text = new StringBuilder();
        Row(text, ["time", .. labels, "value", "unit"]);
        foreach (var series in metrics.Series)
            foreach (var point in series.Points)
                Row(text, [
                    point.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                    .. labels.Select(label => series.Labels.GetValueOrDefault(label) ?? ""),
                    point.Value is { } value && double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "",
                    metrics.Unit,
                ]);
        return text.ToString();
    }

    static void Row(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");

    // A camera named "=1+1" must stay a name in a spreadsheet.
    static string Cell(string cell)
    {
        if (cell.Length > 0 && cell[0] is '=' or '+' or '@' or '\t') cell = "'" + cell;
        return cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }
}
