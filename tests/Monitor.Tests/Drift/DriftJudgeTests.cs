using RetrainLoop.Monitor.Drift;

namespace RetrainLoop.Tests.Monitor.Drift;

public sealed class DriftJudgeTests
{
    static SignalDrift Confidence(SignalWindow baseline, DriftOptions options, params SignalWindow[] windows) =>
        DriftJudge.Judge(baseline, windows, options).Single(signal => signal.Signal == Signals.ConfidenceName);

    static readonly SignalWindow Baseline = PlayedWindow.Of(0, 12);

    [Fact]
    public void Judge_EmptyWindow_IsInconclusiveNeverStable()
    {
        var empty = new SignalWindow(PlayedWindow.Start.AddHours(1), PlayedWindow.Start.AddHours(2), 10, []);
        Assert.All(DriftJudge.Judge(Baseline, [empty], new DriftOptions()), signal => Assert.Equal(DriftLevel.Inconclusive, signal.Level));
    }

    [Fact]
    public void Judge_TooFewBlocks_IsInconclusiveAndSaysSo()
    {
        var drift = Confidence(Baseline, new DriftOptions(), PlayedWindow.Of(12, 3, confidence: 0.4));
        Assert.Equal(DriftLevel.Inconclusive, drift.Level);
        Assert.Contains("3 blocks of 10 s", drift.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_ShiftedWindow_IsDriftThatItsCameraCarries()
    {
        var options = new DriftOptions();
        var current = PlayedWindow.Of(12, 12, of: camera => camera == "cam-2" ? 0.6 : 0.8);
        var signals = DrillDown.Into(DriftJudge.Judge(Baseline, [current], options), Baseline, current, options);
        var drift = signals.Single(signal => signal.Signal == Signals.ConfidenceName);
        Assert.Equal(DriftLevel.Drift, drift.Level);
        Assert.Equal(0.5, drift.Distance, 0.03);
        var carriers = drift.Carriers.Where(carrier => carrier.Dimension == "camera").ToList();
        Assert.Equal("cam-2", carriers[0].Name);
        Assert.True(carriers[0] is { Share: > 0.8, PValue: < 0.01 } && carriers[1].PValue > 0.05);
    }

    [Fact]
    public void Judge_OneCameraGone_IsNoShiftOfWhatTheOthersSee()
    {
        var baseline = PlayedWindow.Of(0, 12, of: camera => camera == "cam-2" ? 0.5 : 0.8);
        var drift = Confidence(baseline, new DriftOptions(), PlayedWindow.Of(12, 12, cameras: 1));
        Assert.True(drift.KsStatistic > 0.4, "The pooled distribution moves.");
        Assert.NotEqual(DriftLevel.Drift, drift.Level);
        Assert.True(drift.Distance < 0.05);
    }

    [Fact]
    public void Judge_TinyButSignificantShift_IsKsOnly()
    {
        var drift = Confidence(PlayedWindow.Of(0, 12, perCell: 400), new DriftOptions(), PlayedWindow.Of(12, 12, confidence: 0.802, perCell: 400));
        Assert.Equal(DriftLevel.KsOnly, drift.Level);
        Assert.True(drift.FalseDiscoveryPValue < 0.05 && drift.Distance < 0.05);
    }

    [Fact]
    public void Judge_RuleOfTwoWindows_WaitsForTheSecond()
    {
        var options = new DriftOptions { Windows = 2 };
        var (first, second) = (PlayedWindow.Of(12, 12, confidence: 0.7), PlayedWindow.Of(24, 12, confidence: 0.7));
        Assert.Equal((DriftLevel.KsOnly, 1), Confidence(Baseline, options, first) is var once ? (once.Level, once.Windows) : default);
        Assert.Equal((DriftLevel.KsOnly, 1), Confidence(Baseline, options, first, PlayedWindow.Of(0, 12)) is var calm ? (calm.Level, calm.Windows) : default);
        Assert.Equal((DriftLevel.Drift, 2), Confidence(Baseline, options, second, first) is var twice ? (twice.Level, twice.Windows) : default);
    }

    [Fact]
    public void Judge_AnotherClass_IsAShiftOfTheClassMix()
    {
        var mix = DriftJudge.Judge(Baseline, [PlayedWindow.Of(12, 12, nameOf: "bolt")], new DriftOptions()).Single(signal => signal.Signal == Signals.ClassMixName);
        Assert.Equal((DriftLevel.Drift, 1.0), (mix.Level, mix.Distance));
    }

    [Theory]
    [InlineData(DriftLevel.Drift, DriftLevel.Inconclusive, DriftLevel.Drift)]
    [InlineData(DriftLevel.Stable, DriftLevel.Inconclusive, DriftLevel.Inconclusive)]
    [InlineData(DriftLevel.KsOnly, DriftLevel.Inconclusive, DriftLevel.Inconclusive)]
    [InlineData(DriftLevel.KsOnly, DriftLevel.Stable, DriftLevel.KsOnly)]
    [InlineData(DriftLevel.Stable, DriftLevel.Stable, DriftLevel.Stable)]
    public void Overall_FollowsTheDecidingSignals(DriftLevel confidence, DriftLevel area, DriftLevel expected)
    {
        SignalDrift Of(string name, DriftLevel level) => new(name, level, 0, 1, 0, 0, 1, 1, 1, 1, 0, 0, "");
        Assert.Equal(expected, DriftJudge.Overall(
            [Of(Signals.ConfidenceName, confidence), Of(Signals.BoxAreaName, area), Of("brightness", DriftLevel.Drift)]));
    }
}
