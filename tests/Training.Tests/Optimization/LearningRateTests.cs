using RetrainLoop.Training.Optimization;

namespace RetrainLoop.Tests.Training.Optimization;

public sealed class LearningRateTests
{
    static readonly LearningRate Rate = new(Peak: 0.01, WarmUpSteps: 10, TotalSteps: 110, Floor: 0.1);

    [Theory]
    [InlineData(0, 0.001)]
    [InlineData(4, 0.005)]
    [InlineData(9, 0.01)]
    [InlineData(10, 0.01)]
    [InlineData(60, 0.0055)] // half way down: the middle of peak and floor
    [InlineData(110, 0.001)]
    [InlineData(500, 0.001)]
    public void At_Step_WarmsUpThenFollowsHalfACosine(int step, double expected) => Assert.Equal(expected, Rate.At(step), 1e-12);
}
