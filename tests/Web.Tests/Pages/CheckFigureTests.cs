using RetrainLoop.Web.Pages.Diagnoses;

namespace RetrainLoop.Tests.Web.Pages;

public sealed class CheckFigureTests
{
    [Theory]
    [InlineData("liveHoldoutMap", "fraction", 0.45, "0.450 mAP")]
    [InlineData("confidence", "mean", 0.614, "0.61")]
    [InlineData("boxArea", "mean", 0.031, "3.10 %")]
    [InlineData("detectionsPerMinute", "1/min", 1776, "1,776 per minute")]
    [InlineData("detectionsPerRequest", "1/request", 3.7, "3.70 per request")]
    [InlineData("latencyP95", "ms", 138.2, "138 ms")]
    [InlineData("classMix", "mean", 0, "–")]
    public void Of_ChecksAsMonitorSendsThem_ReadAsPeopleDo(string name, string unit, double value, string expected) =>
        Assert.Equal(expected, $"{CheckFigure.Of(value, new Check(name, Verdict.Passed, value, null, null, null, unit, ""))}");
}
