using RetrainLoop.Monitor.Drift;
using RetrainLoop.Monitor.Drift.Embeddings;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Tests.Monitor.Drift.Embeddings;

public sealed class EmbeddingDriftTests
{
    static readonly SignalWindow Baseline = PlayedWindow.Of(0, 12), Current = PlayedWindow.Of(12, 12);
    static readonly EmbeddingReference Reference = EmbeddingReference.Of(PlayedFrames.Of(0, 12), ["cam-1", "cam-2"], 10);

    [Fact]
    public void Judge_OneCameraMoved_IsDriftThatItCarries()
    {
        var embeddings = Windows(PlayedFrames.Of(12, 12, shift: camera => camera == "cam-2" ? 0.15 : 0));
        var drift = Judge(embeddings);
        Assert.Equal((DriftLevel.Drift, 0.1), (drift.Level, drift.DistanceThreshold));
        Assert.True(drift.CurrentMean > drift.BaselineMean && drift is { KsPValue: < 0.01, FalseDiscoveryPValue: < 0.05, CurrentCount: 240 });
        Assert.InRange(drift.EffectiveSampleSize, 1, 240);
        Assert.Equal(["cam-2", "cam-1"], drift.Carriers.Select(carrier => carrier.Name)); // no classes: a frame has them all
        Assert.True(drift.Carriers[0] is { Share: > 0.8, PValue: < 0.01 });
    }

    [Fact]
    public void Judge_SameWorld_StaysQuietWeekAfterWeek()
    {
        var judged = Enumerable.Range(1, 40).Select(window => Judge(Windows(PlayedFrames.Of(12 * window, 12)))).ToList();
        Assert.InRange(judged.Count(drift => drift.Level == DriftLevel.Drift), 0, 1);
        Assert.All(judged, drift => Assert.NotEqual(DriftLevel.Inconclusive, drift.Level));
    }

    [Fact]
    public void Judge_TooFewFrames_IsInconclusiveAndNoTestOfTheFamily()
    {
        SignalWindow[] unsure = [PlayedWindow.Of(12, 12, confidence: 0.6)];
        var few = DriftJudge.Judge(Baseline, unsure, new DriftOptions(), Windows(PlayedFrames.Of(12, 12, perCell: 1)));
        Assert.Equal((DriftLevel.Inconclusive, "Only 24 values, 50 are needed."), (few[^1].Level, few[^1].Explanation));
        var without = DriftJudge.Judge(Baseline, unsure, new DriftOptions());
        Assert.Equal(without[0].FalseDiscoveryPValue, few[0].FalseDiscoveryPValue);
        var enough = DriftJudge.Judge(Baseline, unsure, new DriftOptions(), Windows(PlayedFrames.Of(12, 12)));
        Assert.Equal(without[0].FalseDiscoveryPValue * 9 / 8, enough[0].FalseDiscoveryPValue, 1e-12);
    }

    [Fact]
    public void Judge_MissingAndUnwatched_SaysWhyAndSaysNothing()
    {
        var missing = DriftJudge.Judge(Baseline, [Current], new DriftOptions(), EmbeddingWindows.None("There are none."))[^1];
        Assert.Equal((Signals.EmbeddingDistanceName, DriftLevel.Inconclusive, "There are none."), (missing.Signal, missing.Level, missing.Explanation));
        Assert.DoesNotContain(DriftJudge.Judge(Baseline, [Current], new DriftOptions()), drift => drift.Signal == Signals.EmbeddingDistanceName);
    }

    [Fact]
    public void Judge_RuleOfTwoWindows_CountsEmbeddingsInBoth()
    {
        var options = new DriftOptions { Windows = 2 };
        var (newest, before) = (PlayedFrames.Of(24, 12, shift: _ => 0.15), PlayedFrames.Of(12, 12));
        SignalWindow[] windows = [PlayedWindow.Of(24, 12), Current];
        Assert.Equal((DriftLevel.KsOnly, 1), Of(EmbeddingWindows.Of(Window(Reference.Cells, Baseline), [Play(newest, windows[0]), Play(before, Current)])));
        before = PlayedFrames.Of(12, 12, shift: _ => 0.15);
        Assert.Equal((DriftLevel.Drift, 2), Of(EmbeddingWindows.Of(Window(Reference.Cells, Baseline), [Play(newest, windows[0]), Play(before, Current)])));

        (DriftLevel, int) Of(EmbeddingWindows embeddings) => DriftJudge.Judge(Baseline, windows, options, embeddings)[^1] is var drift ? (drift.Level, drift.Windows) : default;
    }

    [Fact]
    public void Reference_CameraWithFewFramesOrOtherModel_HasNoDistance()
    {
        var frames = PlayedFrames.Of(0, 12, cameras: 1).Concat(PlayedFrames.Of(0, 4, perCell: 1, cameras: 2)).ToList();
        var reference = EmbeddingReference.Of(frames, ["cam-1", "cam-2"], 10);
        var (known, rare) = (frames[0], frames.First(frame => frame.Camera == "cam-2"));
        Assert.NotNull(reference.DistanceOf(known, member: true));
        Assert.Null(reference.DistanceOf(rare, member: true));
        Assert.Null(reference.DistanceOf(known with { Camera = "new" }, member: false));
        Assert.Null(reference.DistanceOf(known with { Unit = [1] }, member: false));
        Assert.Contains("too few", EmbeddingReference.Of([rare], ["cam-2"], 10).Missing, StringComparison.Ordinal);
    }

    [Fact]
    public void Farthest_CameraThatTheBaselineDoesNotTellApart_IsFoundAmongTheOthers()
    {
        var frames = PlayedFrames.Of(0, 12, cameras: 3);
        var reference = EmbeddingReference.Of(frames, ["cam-1"], 10);
        Assert.Equal(["cam-2", "cam-3"], reference.Farthest(frames, true, SignalWindow.OtherCameras, 0, null).Select(frame => frame.Camera).Distinct().Order());
        Assert.Equal(120, reference.Farthest(frames, true, "cam-1", 0, null).Count(frame => frame.Camera == "cam-1"));
        Assert.Equal(360, reference.Farthest(frames, true, null, 0, null).Count());
    }

    static SignalDrift Judge(EmbeddingWindows embeddings)
    {
        var options = new DriftOptions();
        return DrillDown.Into(DriftJudge.Judge(Baseline, [Current], options, embeddings), Baseline, Current, options, embeddings)
            .Single(drift => drift.Signal == Signals.EmbeddingDistanceName);
    }

    static EmbeddingWindows Windows(List<EmbeddedFrame> frames)
    {
        var from = frames.Min(frame => frame.At).Floor(10);
        return EmbeddingWindows.Of(Window(Reference.Cells, Baseline), [Play(frames, new SignalWindow(from, from.AddSeconds(120), 10, []))]);
    }

    static SignalWindow Play(List<EmbeddedFrame> frames, SignalWindow like) => Window(Reference.CellsOf(frames, 10), like);

    static SignalWindow Window(IEnumerable<EmbeddingCell> cells, SignalWindow like) => EmbeddingWindows.Window(cells, like);
}
