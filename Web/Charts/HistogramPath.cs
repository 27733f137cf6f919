using System.Globalization;
using System.Text;

namespace RetrainLoop.Web.Charts;

/// <summary>SVG paths of small histograms: steps of equal width, y growing upward from the lower edge of a box of width x height.</summary>
public static class HistogramPath
{
    /// <summary>The upper contour.</summary>
    /// <param name="most">The share that reaches the upper edge; what is higher is cut.</param>
    public static string Outline(IReadOnlyList<double> shares, double width, double height, double most)
    {
        var path = new StringBuilder();
        for (var bin = 0; bin < shares.Count; bin++)
        {
            var y = height - height * Math.Clamp(most > 0 ? shares[bin] / most : 0, 0, 1);
            path.Append(CultureInfo.InvariantCulture, $"{(bin == 0 ? 'M' : 'L')}{width * bin / shares.Count:0.#} {y:0.#}H{width * (bin + 1) / shares.Count:0.#}");
        }
        return path.ToString();
    }

    /// <summary>The area under it.</summary>
    public static string Area(IReadOnlyList<double> shares, double width, double height, double most) =>
        shares.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Outline(shares, width, height, most)}V{height:0.#}H0Z");
}
