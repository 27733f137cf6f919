using System.Globalization;

namespace RetrainLoop.Web.Charts;

/// <summary>A measured value ready to be shown: digits and unit apart, so that the unit can be set smaller. Absent values show as a dash.</summary>
public readonly record struct Figure(string Value, string Unit)
{
    public const string Absent = "–";

    public override string ToString() => Unit.Length == 0 ? Value : $"{Value} {Unit}";

    /// <summary>Requests, frames … per second.</summary>
    public static Figure PerSecond(double? value, string what = "req/s") => new(Digits(value), what);
    public static Figure Milliseconds(double? value) =>
        value >= 10_000 ? new(Digits(value / 1000), "s") : new(Digits(value), "ms");
    /// <summary>A fraction in [0, 1] as a percentage.</summary>
    public static Figure Percent(double? fraction) => new(Digits(fraction * 100), "%");
    /// <summary>Mean average precision: a fraction with three decimals, as the field writes it.</summary>
    public static Figure AveragePrecision(double? value) => new(value is >= 0 ? Text(value.Value, "0.000") : Absent, "mAP");
    /// <summary>A difference of mAP in points (hundredths), always with its sign.</summary>
    public static Figure Points(double? difference) => new(difference is { } number ? Text(number * 100, "+0.0;−0.0;0.0") : Absent, "points");
    public static Figure Count(double? value, string what) => new(value is { } number ? Text(number, "#,0") : Absent, what);
    public static Figure Number(double? value, string unit) => new(Digits(value), unit);

    /// <summary>Three significant digits without exponents: 0.042, 4.20, 42.0, 420, 4,200.</summary>
    public static string Digits(double? value) => value is not { } number || !double.IsFinite(number) ? Absent : Math.Abs(number) switch
    {
        0 => "0",
        < 0.0005 => Text(number, "0.0e+0"),
        < 0.1 => Text(number, "0.000"),
        < 10 => Text(number, "0.00"),
        < 100 => Text(number, "0.0"),
        _ => Text(number, "#,0"),
    };

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
