using RetrainLoop.Monitor.Metrics.Exposition;

namespace RetrainLoop.Tests.Monitor.Metrics;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Write_FiguresOfTwoMetrics_GroupsThemAndEscapesLabels()
    {
        LatestFigure Figure(string name, double value, params KeyValuePair<string, string>[] labels) => new(name, "1", "What \\ it\nis.", labels, value);
        Assert.Equal(
            """
            # HELP a What \\ it\nis.
            # TYPE a gauge
            a{camera="C:\\gate \"1\"\nleft",q="0.5"} 1.5
            a 1E-07
            # HELP b What \\ it\nis.
            # TYPE b gauge
            b +Inf

            """.ReplaceLineEndings("\n"),
            PrometheusText.Write([Figure("a", 1.5, new("camera", "C:\\gate \"1\"\nleft"), new("q", "0.5")), Figure("b", double.PositiveInfinity), Figure("a", 1e-7)]));
    }
}
