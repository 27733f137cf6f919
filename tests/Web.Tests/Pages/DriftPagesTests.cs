using CsCheck;
using RetrainLoop.Web.Pages.Drift;

namespace RetrainLoop.Tests.Web.Pages;

public sealed class DriftPagesTests
{
    [Fact]
    public void CoarseBins_AnyDistribution_KeepsSharesAndBounds() =>
        Gen.Select(Gen.Double[0, 1].Array[1, 400], Gen.Int[1, 60]).Sample((shares, most) =>
        {
            double[] edges = [.. Enumerable.Range(0, shares.Length + 1).Select(edge => 2.0 * edge)];
            var bins = CoarseBins.Of(new SignalDistributions("sharpness", "", edges, shares, shares), most, log: false);
            if (shares.All(share => share == 0)) return bins.Edges.Count == 0;
            return bins.Baseline.Count <= most && bins.Edges.Count == bins.Baseline.Count + 1
                && Math.Abs(bins.Baseline.Sum() - shares.Sum()) < 1e-9 && bins.Edges.Zip(bins.Edges.Skip(1)).All(pair => pair.First < pair.Second);
        });

    [Fact]
    public void CoarseBins_Confidence_StaysWholeAndLogStartsAboveZero()
    {
        double[] edges = [.. Enumerable.Range(0, 1001).Select(edge => edge / 1000.0)];
        var shares = new double[1000];
        shares[700] = 1;
        var bins = CoarseBins.Of(new SignalDistributions("confidence", "fraction", edges, shares, shares), 50, log: false);
        Assert.Equal((0, 1, 50), (bins.Edges[0], bins.Edges[^1], bins.Baseline.Count));
        Assert.Equal(35, bins.Baseline.ToList().IndexOf(1));
        var log = CoarseBins.Of(new SignalDistributions("boxArea", "", [0, 0.01, 0.1], [0.5, 0.5], [0.5, 0.5]), 50, log: true);
        Assert.Equal(0.005, log.Edges[0]);
    }

    [Fact]
    public void Matches_Bin_TakesFramesWithADetectionInIt()
    {
        var frame = Frame(Seen("nut", 0.4f, 100), Seen("bolt", 0.9f, 20));
        Assert.True(SignalValues.Matches("confidence", frame, (0.38, 0.42), null));
        Assert.False(SignalValues.Matches("confidence", frame, (0.5, 0.6), null));
        Assert.False(SignalValues.Matches("confidence", frame, (0.38, 0.42), "bolt"));
        Assert.Equal([true, false], SignalValues.Belongs("boxArea", frame, (0.009, 0.011), null));
        Assert.True(SignalValues.Matches("detectionsPerRequest", frame, (2, 3), null));
        Assert.True(SignalValues.Matches("brightness", Frame(Seen("nut", 0.4f, 100)), (110, 120), null));
        Assert.False(SignalValues.Matches("brightness", Frame(Seen("nut", 0.4f, 100)), (0, 110), null));
    }

    [Fact]
    public void SizeCells_Frame_AreThoseOfTelemetry()
    {
        var frame = Frame(Seen("nut", 0.9f, 300), Seen("bolt", 0.9f, 300), Seen("nut", 0.9f, 4), Seen("nut", 0.9f, 1000));
        var cell = SignalBins.BoxSize.CellOf(0.3, 0.3);
        Assert.Equal("boxes 28.5 to 39.3 % wide, 28.5 to 39.3 % high", SizeCells.Text(cell));
        Assert.Equal([true, true, false, false], SizeCells.Belongs(frame, cell, null));
        Assert.Equal([true, false, false, false], SizeCells.Belongs(frame, cell, "nut"));
        Assert.Equal([false, false, true, false], SizeCells.Belongs(frame, 0, null));
        Assert.Equal([false, false, false, true], SizeCells.Belongs(frame, SignalBins.BoxSize.Count - 1, null));
    }

    [Fact]
    public void SizeCells_CountedByAnEarlierBuild_SayWhatIsUnknown()
    {
        double[] shares = [1];
        Assert.Null(SizeCells.Unknown(new SizeGrid([0, 1], shares, shares)));
        Assert.Contains("only the current window", SizeCells.Unknown(new SizeGrid([0, 1], null, shares)), StringComparison.Ordinal);
        Assert.Contains("only the baseline", SizeCells.Unknown(new SizeGrid([0, 1], shares, null)), StringComparison.Ordinal);
        Assert.Contains("from now on", SizeCells.Unknown(new SizeGrid([0, 1], null, null)), StringComparison.Ordinal);
        Assert.Contains("25.0 % of the baseline's boxes", SizeCells.Unknown(new SizeGrid([0, 1], shares, shares) { BaselineCoverage = 0.25 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Strongest_PictureAndModelDrifted_IsTheModels()
    {
        SignalDrift[] signals = [Signal("brightness", DriftLevel.Drift, 0.9), Signal("boxArea", DriftLevel.Drift, 0.2), Signal("confidence", DriftLevel.KsOnly, 0.5)];
        Assert.Equal("boxArea", DriftFindings.Strongest(Report(signals))!.Signal);
        Assert.Equal("confidence", DriftFindings.Strongest(Report([signals[2], Signal("brightness", DriftLevel.Stable, 0.01)]))!.Signal);
        Assert.Equal(["brightness", "boxArea", "confidence"], DriftFindings.Ordered(Report(signals)).Select(signal => signal.Signal));
    }

    static DriftReport Report(IReadOnlyList<SignalDrift> signals) => new(
        Guid.NewGuid(), "line", new ModelRef("m", 1), Guid.NewGuid(), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, DriftLevel.Drift, signals, null, DateTimeOffset.UnixEpoch);

    static SignalDrift Signal(string name, DriftLevel level, double distance) =>
        new(name, level, 0.1, 0.1, 0.1, 0.1, 10, 10, 10, 0.1, 1, 1, "") { Distance = distance, DistanceThreshold = 0.1 };

    static SampledFrame Frame(params Detection[] seen) => new(
        Guid.NewGuid(), "line", "f", "r", "c", DateTimeOffset.UnixEpoch, SampleReason.Random, new ModelRef("m", 1), new ArtifactRef("http://inference/v1/blobs/a", "a", 1), 1000, 1000,
        seen, null, new ImageStatistics(112, 30, 200), DateTimeOffset.UnixEpoch);

    static Detection Seen(string name, float confidence, float size) => new(0, name, confidence, 0, 0, size, size);
}
