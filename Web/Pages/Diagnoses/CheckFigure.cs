using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Diagnoses;

/// <summary>A check's numbers in the unit that people read.</summary>
static class CheckFigure
{
    public static Figure Of(double? value, string unit) => unit switch
    {
        "ms" => Figure.Milliseconds(value),
        "fraction" or "share" => Figure.Percent(value),
        "points" => Figure.Points(value),
        "mAP" => Figure.AveragePrecision(value),
        _ => Figure.Number(value, unit),
    };
}
