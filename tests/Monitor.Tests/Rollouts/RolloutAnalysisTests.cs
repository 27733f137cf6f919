using RetrainLoop.Monitor.Rollouts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Tests.Monitor.Rollouts;

public sealed class RolloutAnalysisTests
{
    static SeriesSketch Traffic(int requests = 200, double latencyMs = 50, int detections = 4, double confidence = 0.7, int failed = 0)
    {
        var sketch = new SeriesSketch();
        sketch.Add(Batches.Second(DateTimeOffset.UnixEpoch, requests / 2, latencyMs, detections, confidence));
        sketch.Add(Batches.Second(DateTimeOffset.UnixEpoch, requests / 2, latencyMs, detections + 1, confidence - 0.05));
        sketch.Outcomes[(int)RequestOutcome.Failed] += failed;
        return sketch;
    }

    static Judgement Judge(SeriesSketch candidate, SeriesSketch? champion = null) =>
        RolloutAnalysis.Judge(candidate, champion ?? Traffic(), minimumRequests: 100, latencyBudgetMs: 200, new RolloutAnalysisOptions());

    [Fact]
    public void Judge_SameTraffic_Passes() => Assert.Equal(Verdict.Passed, Judge(Traffic()).Verdict);

    [Fact]
    public void Judge_MoreDetectionsWithMoreConfidence_Passes() => Assert.Equal(Verdict.Passed, Judge(Traffic(detections: 9, confidence: 0.95)).Verdict);

    [Fact]
    public void Judge_TooFewRequests_IsInconclusiveEvenWhenTheyLookBad() =>
        Assert.Equal(Verdict.Inconclusive, Judge(Traffic(requests: 40, latencyMs: 900, failed: 20)).Verdict);

    [Fact]
    public void Judge_ChampionWithoutTraffic_IsInconclusive() => Assert.Equal(Verdict.Inconclusive, Judge(Traffic(), new SeriesSketch()).Verdict);

    [Theory]
    [InlineData("errorRate")]
    [InlineData("latencyP95")]
    [InlineData("detectionRate")]
    [InlineData("meanConfidence")]
    public void Judge_OneHarm_FailsByThatCheckAlone(string name)
    {
        var candidate = name switch
        {
            "errorRate" => Traffic(failed: 12),
            "latencyP95" => Traffic(latencyMs: 300),
            "detectionRate" => Traffic(detections: 1),
            _ => Traffic(confidence: 0.5),
        };
        var judgement = Judge(candidate);
        Assert.Equal(Verdict.Failed, judgement.Verdict);
        Assert.Equal([name], judgement.Evidence.Where(check => check.Verdict == Verdict.Failed).Select(check => check.Name));
    }

    [Fact]
    public void Judge_SlowerButWithinTheBudget_Passes() => Assert.Equal(Verdict.Passed, Judge(Traffic(latencyMs: 150)).Verdict);
}
