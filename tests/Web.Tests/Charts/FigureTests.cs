using RetrainLoop.Web.Charts;
using RetrainLoop.Web.Pages;

namespace RetrainLoop.Tests.Web.Charts;

public sealed class FigureTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(double.NaN, "–")]
    [InlineData(0.0, "0")]
    [InlineData(0.0421, "0.042")]
    [InlineData(4.2, "4.20")]
    [InlineData(41.96, "42.0")]
    [InlineData(4199.6, "4,200")]
    public void Digits_AnyValue_HasThreeSignificantOnes(double? value, string text) => Assert.Equal(text, Figure.Digits(value));

    [Theory]
    [InlineData(0.0751, "+7.5 points")]
    [InlineData(-0.004, "−0.4 points")]
    public void Points_Difference_CarriesItsSign(double difference, string text) => Assert.Equal(text, Figure.Points(difference).ToString());

    [Theory]
    [InlineData(-3, "0 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(250, "4 min 10 s")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(400_000, "4 days")]
    public void Durations_Seconds_ReadAsPeopleSayThem(double seconds, string text) => Assert.Equal(text, Durations.Text(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void SparklinePath_Gap_StartsANewLine() =>
        Assert.Equal("M0 10L10 5M30 0", SparklinePath.Of([0, 1, null, 2], 30, 10, fromZero: true));

    [Fact]
    public void SparklinePath_Nothing_IsEmpty() => Assert.Equal("", SparklinePath.Of([null, null], 30, 10, fromZero: true));
}
