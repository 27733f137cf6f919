using System.Globalization;

namespace RetrainLoop.Web.Pages.Drift;

/// <summary>p values as they are read: three decimals, and powers of ten below.</summary>
static class Probability
{
    public static string Text(double p) => p switch
    {
        double.NaN => "–",
        0 => "0",
        < 1e-99 => "< 1e−99",
        < 0.001 => p.ToString("0.0e-0", CultureInfo.InvariantCulture).Replace('-', '−'),
        _ => p.ToString("0.000", CultureInfo.InvariantCulture),
    };
}
