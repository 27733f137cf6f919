using System.Globalization;

namespace RetrainLoop.Web.Pages;

/// <summary>Numbers as people type them into fields: with a point or a comma, kept as text until they are meant.</summary>
static class TypedNumber
{
    /// <summary>Null when it is no finite number.</summary>
    public static double? Parse(string text) =>
        double.TryParse(text.Trim().Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>Null when it is no whole number.</summary>
    public static int? ParseWhole(string text) => int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Ten digits: 0.01 / 0.01 and the like do not show their rounding.</summary>
    public static string Text(double? number) => number?.ToString("G10", CultureInfo.InvariantCulture) ?? "";
}
