using CsCheck;
using RetrainLoop.Labeling.Ranking;

namespace RetrainLoop.Tests.Labeling.Ranking;

public sealed class FramePriorityTests
{
    static Detection Of(float confidence, string name = "nut") => new(0, name, confidence, 0, 0, 1, 1);

    [Fact]
    public void Of_UndecidedDetection_RanksAboveSureOnes()
    {
        var options = new RankingOptions();
        Assert.Equal(2.5 / 3, FramePriority.Of([Of(0.5f)], options), 1e-6); // (1 + 1 + 0.5) / 3
        Assert.True(FramePriority.Of([Of(0.55f), Of(0.95f)], options) > FramePriority.Of([Of(0.9f), Of(0.95f)], options));
    }

    [Fact]
    public void Of_NothingSeen_IsTheOptionAndFaintDetectionsCountAsNothing()
    {
        var options = new RankingOptions { EmptyFramePriority = 0.4, MinimumConfidence = 0.1 };
        Assert.Equal(0.4, FramePriority.Of([], options));
        Assert.Equal(0.4, FramePriority.Of([Of(0.09f)], options));
    }

    [Fact]
    public void Of_WeightOfAClass_PullsTheMeanTowardsIt()
    {
        var even = new RankingOptions { MarginWeight = 0 };
        var nuts = new RankingOptions { MarginWeight = 0, ClassWeights = { ["nut"] = 10 } };
        Detection[] unsureNut = [Of(0.5f), Of(0.98f, "washer")], unsureWasher = [Of(0.98f), Of(0.5f, "washer")];
        Assert.Equal(FramePriority.Of(unsureNut, even), FramePriority.Of(unsureWasher, even), 1e-9);
        Assert.True(FramePriority.Of(unsureNut, nuts) > FramePriority.Of(unsureWasher, nuts));
    }

    [Fact]
    public void Of_AnyDetections_LiesInZeroToOne() =>
        Gen.Float[0, 1].Array[0, 20].Sample(confidences => Assert.InRange(FramePriority.Of([.. confidences.Select(c => Of(c))], new RankingOptions()), 0, 1));

    [Fact]
    public void IsEvaluationTurn_AnyRunOfClaims_HoldsItsShareRoundedUpOrDown() =>
        Gen.Select(Gen.Int[0, 100], Gen.Long[1, 100000], Gen.Int[1, 200]).Sample((percent, first, length) =>
        {
            var share = percent / 100.0;
            var turns = Enumerable.Range(0, length).Count(i => FramePriority.IsEvaluationTurn(first + i, share));
            Assert.InRange(turns, Math.Floor(share * length - 1e-6), Math.Ceiling(share * length + 1e-6));
        });

    [Fact]
    public void OfEvaluation_LaterDay_RanksFirst() => Gen.Select(Gen.Guid, Gen.Guid).Sample((a, b) =>
    {
        var day = new DateTimeOffset(2026, 11, 23, 23, 59, 0, TimeSpan.Zero);
        Assert.True(FramePriority.OfEvaluation(a, day.AddMinutes(2)) > FramePriority.OfEvaluation(b, day));
    });
}
