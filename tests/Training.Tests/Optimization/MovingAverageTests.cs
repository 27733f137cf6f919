using RetrainLoop.Training.Nets;
using RetrainLoop.Training.Optimization;
using static TorchSharp.torch;

namespace RetrainLoop.Tests.Training.Optimization;

public sealed class MovingAverageTests
{
    [Fact]
    public void Update_WeightsAndStatistics_MoveByTheShareOfTheUpdate()
    {
        using var live = new Detector(NetSize.Pico, 2);
        using var average = new MovingAverage(live, new Detector(NetSize.Pico, 2));
        const string weight = "backbone.stem.convolution.weight", statistic = "backbone.stem.norm.running_mean";
        using (no_grad())
        {
            live.state_dict()[weight].fill_(1);
            live.state_dict()[statistic].fill_(1);
            average.Net.state_dict()[weight].fill_(0);
        }
        average.Update();

        var decay = MovingAverage.DecayAt(1);
        Assert.Equal(1 - decay, average.Net.state_dict()[weight].mean().item<float>(), 1e-6);
        Assert.Equal(1 - decay, average.Net.state_dict()[statistic].mean().item<float>(), 1e-6);
    }

    [Fact]
    public void DecayAt_FirstAndLateUpdates_ForgetsTheStartAndThenTrailsLong()
    {
        Assert.Equal(2.0 / 11, MovingAverage.DecayAt(1), 1e-12);
        Assert.Equal(0.998, MovingAverage.DecayAt(1_000_000), 1e-12);
    }
}
