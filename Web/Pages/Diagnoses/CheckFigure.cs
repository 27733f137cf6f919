using RetrainLoop.Web.Charts;
using RetrainLoop.Web.Pages.Drift;

namespace RetrainLoop.Web.Pages.Diagnoses;

/// <summary>A check's numbers in the unit that people read.</summary>
static class CheckFigure
{
    /// <param name="value">In the unit of the check, as Monitor sends it.</param>
    public static Figure Of(double? value, Check check) => (check.Name, check.Unit) switch
    {
        ("liveHoldoutMap", _) => Figure.AveragePrecision(value),
        ("classMix", _) => new Figure(Figure.Absent, ""), // a mix has no mean
        (_, "mean") => Mean(value, SignalScale.Of(check.Name)),
        (_, "ms") => Figure.Milliseconds(value),
        (_, "fraction") => Figure.Percent(value),
        (_, "1/min") => Figure.Number(value, "per minute"),
        (_, "1/request") => Figure.Number(value, "per request"),
        _ => Figure.Number(value, check.Unit),
    };

    static Figure Mean(double? value, SignalScale scale) => Figure.Number(value * scale.Factor, scale.ShortUnit);
}
