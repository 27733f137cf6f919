using RetrainLoop.Training.Data;
using RetrainLoop.Training.Validation;

namespace RetrainLoop.Tests.Training.Validation;

public sealed class AveragePrecisionTests
{
    static readonly Box Object = new(0, 0, 10, 10);

    [Fact]
    public void Area_HitMissHitOfTwo_IsTheMeanOverRecalls() =>
        // Precision 1 up to recall 0.5 (51 of the 101 recalls), then 2/3.
        Assert.Equal((51 * 1.0 + 50 * 2.0 / 3) / 101, AveragePrecision.Area([true, false, true], 2), 1e-12);

    [Fact]
    public void Of_BoxThatCoversPart_CountsUpToItsIoU()
    {
        // IoU 0.72: a hit at the thresholds 0.5 to 0.7, which are 5 of 10.
        var precision = AveragePrecision.Of([([new Target(0, Object)], [new ScoredBox(0, 0.9f, new Box(0, 0, 10, 7.2f))])]);
        Assert.Equal(1, precision.At50, 1e-12);
        Assert.Equal(0.5, precision.Mean, 1e-12);
    }

    [Fact]
    public void Of_SecondDetectionOfOneObject_IsAMiss()
    {
        var twice = AveragePrecision.Of([([new Target(0, Object), new Target(0, new Box(50, 50, 10, 10))],
            [new ScoredBox(0, 0.9f, Object), new ScoredBox(0, 0.8f, Object)])]);
        Assert.Equal(51.0 / 101, twice.At50, 1e-12);
    }

    [Fact]
    public void Of_WrongClass_IsNoHit() =>
        Assert.Equal(0, AveragePrecision.Of([([new Target(0, Object)], [new ScoredBox(1, 0.9f, Object)])]).At50);

    [Fact]
    public void Suppress_OverlappingDetections_KeepsTheBestOfEachClass()
    {
        var near = new Box(1, 0, 10, 10);
        var kept = new DetectionReader().Suppress([new(0, 0.5f, near), new(0, 0.9f, Object), new(1, 0.4f, near), new(0, 0.3f, new Box(50, 0, 10, 10))]);
        Assert.Equal([0.9f, 0.4f, 0.3f], kept.Select(detection => detection.Score));
    }
}
