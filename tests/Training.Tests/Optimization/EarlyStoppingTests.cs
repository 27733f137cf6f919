using RetrainLoop.Training.Optimization;

namespace RetrainLoop.Tests.Training.Optimization;

public sealed class EarlyStoppingTests
{
    [Fact]
    public void ShouldStop_PatienceEpochsWithoutABetterScore_IsTrueThenOnly()
    {
        var stopping = new EarlyStopping(Patience: 2).After(1, 0.5).After(2, 0.6).After(3, 0.6);
        Assert.Equal((2, 0.6), (stopping.BestEpoch, stopping.BestScore));
        Assert.False(stopping.ShouldStop(3));
        Assert.True(stopping.After(4, 0.59).ShouldStop(4));
        Assert.False(stopping.After(4, 0.61).ShouldStop(4));
    }

    [Fact]
    public void After_FirstScoreIsZero_CountsAsTheBest() => Assert.Equal(1, new EarlyStopping(5).After(1, 0).BestEpoch);
}
