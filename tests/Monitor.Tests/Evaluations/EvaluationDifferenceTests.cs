using RetrainLoop.Monitor.Evaluations;
using RetrainLoop.Monitor.Statistics;
using static RetrainLoop.Tests.Monitor.Evaluations.OneObjectImages;

namespace RetrainLoop.Tests.Monitor.Evaluations;

public sealed class EvaluationDifferenceTests
{
    [Fact]
    public void Of_SameImages_IsThePairedBootstrap()
    {
        var (earlier, later) = (Matches(Enumerable.Range(1, 60), id => id % 3 != 0), Matches(Enumerable.Range(1, 60), id => id % 2 == 0));
        var (difference, interval, shared) = EvaluationDifference.Of(earlier, later, 500, seed: 3);
        var paired = Bootstrap.PairedInterval(60, draws => CocoEvaluator.MeanAveragePrecision(later, draws), draws => CocoEvaluator.MeanAveragePrecision(earlier, draws), 500, 3);
        Assert.Equal((60, paired), (shared, interval));
        Assert.True(difference < 0);
    }

    [Fact]
    public void Of_SharedImagesThatScoreAlike_NarrowTheInterval()
    {
        var earlier = Matches(Enumerable.Range(1, 200), id => id % 2 == 0);
        double Width(IEnumerable<int> images) => EvaluationDifference.Of(earlier, Matches(images, id => id % 2 == 0), 300, 1).Interval is { } interval ? interval.High - interval.Low : 0;
        Assert.True(Width(Enumerable.Range(51, 200)) < 0.7 * Width(Enumerable.Range(201, 200))); // three quarters shared against none
    }

    [Fact]
    public void Archive_Matches_GiveTheSameScoreAfterwards()
    {
        var matches = Matches(Enumerable.Range(1, 30), id => id % 4 != 0);
        var back = MatchArchive.Read(MatchArchive.Write(matches));
        int[] draws = [.. Enumerable.Range(0, 30).Select(i => i % 3)];
        Assert.Equal(CocoEvaluator.MeanAveragePrecision(matches, draws), CocoEvaluator.MeanAveragePrecision(back, draws));
        Assert.Equal(matches.Keys, back.Keys);
        Assert.Equal((matches.Objects, matches.Detections), (back.Objects, back.Detections));
    }
}
