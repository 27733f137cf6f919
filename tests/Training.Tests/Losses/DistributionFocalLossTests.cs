using RetrainLoop.Training.Losses;
using static TorchSharp.torch;

namespace RetrainLoop.Tests.Training.Losses;

public sealed class DistributionFocalLossTests
{
    // Logits 0, ln 2, 0, 0 are probabilities 0.2, 0.4, 0.2, 0.2.
    static readonly float[] Logits = [0, MathF.Log(2), 0, 0];

    [Theory]
    [InlineData(1.0, 0.4, 0.2)] // exactly on a bin: that bin alone
    [InlineData(0.25, 0.2, 0.4)]
    [InlineData(1.5, 0.4, 0.2)]
    [InlineData(-3.0, 0.2, 0.4)] // clamped to 0
    public void Of_OneDistance_IsTheCrossEntropyWithTheTwoBinsAround(double distance, double below, double above)
    {
        var y = Math.Max(0, distance);
        var share = y - Math.Floor(y);
        var expected = -((1 - share) * Math.Log(below) + share * Math.Log(above));

        var logits = tensor(Enumerable.Repeat(Logits, 4).SelectMany(values => values).ToArray()).view(1, 4, 4);
        var loss = DistributionFocalLoss.Of(logits, full([1, 4], distance, dtype: float32));

        Assert.Equal(expected, loss.item<float>(), 1e-5);
    }

    [Fact]
    public void Of_DistanceBeyondTheLastBin_IsClampedAndFinite() =>
        Assert.True(float.IsFinite(DistributionFocalLoss.Of(zeros(1, 4, 4), full([1, 4], 99f)).item<float>()));
}
