using RetrainLoop.Monitor.Drift;

namespace RetrainLoop.Tests.Monitor.Drift;

public sealed class DriftJudgeTests(ITestOutputHelper output)
{
    static readonly Signal Confidence = Signals.All.Single(signal => signal.Name == Signals.ConfidenceName);

    [Fact]
    public void Compare_CorrelatedTraffic_CriesNoWolfAndFindsShifts()
    {
        const int Weeks = 20;
        (double Shift, int Days)[] windows = [(0, 7), (0.25, 7), (0.5, 7), (0.5, 2)];
        var weeks = Enumerable.Range(0, Weeks).Select(seed =>
        {
            var traffic = new SimulatedTraffic(seed);
            var baseline = SignalSample.Of(Confidence, traffic.Days(7));
            return windows.Select(window => DriftJudge.Compare(Confidence, baseline,
                SignalSample.Of(Confidence, traffic.Days(window.Days, window.Shift * SimulatedTraffic.WithinSd)), new DriftOptions())).ToArray();
        }).ToList();

        output.WriteLine("shift/sd  window  plain p<0.01  corrected p<0.01  decision (D >= 0.1)  mean D  mean effective n");
        for (var i = 0; i < windows.Length; i++)
        {
            double Rate(Func<SignalDrift, bool> condition) => weeks.Count(week => condition(week[i])) / (double)Weeks;
            var (plain, corrected, decided) = (Rate(r => r.KsPValue < 0.01), Rate(r => r.PValue < 0.01), Rate(r => r.Level == DriftLevel.Drift));
            output.WriteLine($"{windows[i].Shift,8}  {windows[i].Days} days  {plain,12:P0}  {corrected,16:P0}  {decided,19:P0}  "
                + $"{weeks.Average(week => week[i].KsStatistic),6:F3}  "
                + $"{weeks.Average(week => week[i].EffectiveSampleSize),6:F0} of {weeks.Average(week => week[i].CurrentCount):F0}");
            if (windows[i].Shift == 0)
            {
                Assert.True(plain > 0.5, "The plain test should be fooled here, else the simulation proves nothing.");
                Assert.Equal((0, 0), (corrected, decided));
            }
            if (windows[i].Shift == 0.25) Assert.True(corrected > 0.8);
            if (windows[i].Shift == 0.5) Assert.Equal(1, decided);
        }
    }

    static SignalSample Sample(params long[] counts) =>
        new(Signals.ConfidenceName, new SparseHistogram([.. Enumerable.Range(0, counts.Length)], counts), counts.Sum(), Blocks: 10);

    [Fact]
    public void Compare_EmptyWindow_IsInconclusiveNeverStable() => Assert.Equal(DriftLevel.Inconclusive,
        DriftJudge.Compare(Confidence, Sample(500, 500), new SignalSample(Signals.ConfidenceName, SparseHistogram.Empty, 0, 0), new DriftOptions()).Level);

    [Fact]
    public void Compare_TooFewBlocks_IsInconclusive() => Assert.Equal(DriftLevel.Inconclusive,
        DriftJudge.Compare(Confidence, Sample(500, 500), Sample(900, 100) with { Blocks = 2 }, new DriftOptions()).Level);

    [Theory]
    [InlineData(1000, DriftLevel.Drift)]
    [InlineData(5, DriftLevel.KsOnly)] // the same shift, but worth five frames only
    public void Compare_SameShift_DecidesByEffectiveSize(double effective, DriftLevel level) => Assert.Equal(level,
        DriftJudge.Compare(Confidence, Sample(500, 500), Sample(650, 350) with { EffectiveSize = effective }, new DriftOptions()).Level);

    [Fact]
    public void Compare_TinyButSignificantShift_IsKsOnly() => Assert.Equal(DriftLevel.KsOnly,
        DriftJudge.Compare(Confidence, Sample(500_000, 500_000), Sample(520_000, 480_000), new DriftOptions()).Level);

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
