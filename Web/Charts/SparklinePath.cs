using System.Globalization;
using System.Text;

namespace RetrainLoop.Web.Charts;

/// <summary>The path of a small line without axes.</summary>
public static class SparklinePath
{
    /// <summary>SVG path data of a series in a box of width x height; gaps where values are absent; y grows upward from the least value or 0.</summary>
    /// <param name="values">In order, evenly spaced.</param>
    /// <param name="fromZero">Start the scale at 0, for rates; otherwise at the least value, for scores.</param>
    public static string Of(IReadOnlyList<double?> values, double width, double height, bool fromZero)
    {
        var present = values.OfType<double>().Where(double.IsFinite).ToList();
        if (present.Count == 0) return "";
        var low = fromZero ? Math.Min(0, present.Min()) : present.Min();
        var range = present.Max() - low;
        var path = new StringBuilder();
        var drawing = false;
        for (var index = 0; index < values.Count; index++)
        {
            if (values[index] is not { } value || !double.IsFinite(value))
            {
                drawing = false;
                continue;
            }
            var x = values.Count == 1 ? width : width * index / (values.Count - 1);
            var y = range == 0 ? height / 2 : height - height * (value - low) / range;
            path.Append(CultureInfo.InvariantCulture, $"{(drawing ? 'L' : 'M')}{x:0.#} {y:0.#}");
            drawing = true;
        }
        return path.ToString();
    }
}
