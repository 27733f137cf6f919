using RetrainLoop.Web.Loop.Policies;

namespace RetrainLoop.Tests.Web.Loop.Policies;

public sealed class SamplingChangeTests
{
    static readonly DriftScoreRule Rule = new(
        new LikelihoodRatioTable(new ModelRef("line", 1), new Dictionary<string, IReadOnlyList<double>> { ["confidence"] = [1, -1] }), 1, DateTimeOffset.UnixEpoch);

    static readonly SamplingPolicy Normal = new(RandomPerCameraHour: 20, Classes: ["nut"]);
    static readonly SamplingPolicy Raised = Normal with { RandomPerCameraHour = 200, Caps = new SamplingCaps(20, 300, 2000), DriftScore = Rule };

    [Fact]
    public void Onto_NothingChanged_IsTheTarget() => Assert.Equal(Normal, SamplingChange.Onto(Normal, Raised, Copy(Raised)));

    [Fact]
    public void Onto_EachMember_IsTakenAloneWhenItChanged()
    {
        foreach (var change in new Func<SamplingPolicy, SamplingPolicy>[]
                 {
                     policy => policy with { RandomPerCameraHour = 3 }, policy => policy with { BandLow = 0.1 }, policy => policy with { BandHigh = 0.9 },
                     policy => policy with { KeepEmptyFrames = false }, policy => policy with { LowMargin = 0 },
                     policy => policy with { EmbeddingsPerCameraHour = 4 }, policy => policy with { Classes = ["bolt"] },
                     policy => policy with { Classes = null }, policy => policy with { DriftScore = Rule with { Threshold = 7 } },
                 })
            Assert.True(SamplingChange.Same(change(Normal), SamplingChange.Onto(Normal, Raised, change(Copy(Raised)))));
        Assert.Equal(
            new SamplingCaps(PerHour: 5), SamplingChange.Onto(Normal, Raised, Raised with { Caps = Raised.Caps! with { PerHour = 5 } }).Caps);
    }

    [Fact]
    public void Same_CapsLeftOut_AreTheDefaultOnes()
    {
        Assert.True(SamplingChange.Same(Normal, Copy(Normal) with { Caps = new SamplingCaps() }));
        Assert.False(SamplingChange.Same(Normal, Normal with { Caps = new SamplingCaps(PerDay: 1) }));
    }

    // As it comes back from a service: the same, in other lists.
    static SamplingPolicy Copy(SamplingPolicy policy) => ContractJson.Read<SamplingPolicy>(ContractJson.Write(policy));
}
