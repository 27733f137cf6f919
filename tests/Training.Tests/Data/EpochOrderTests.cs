using CsCheck;
using RetrainLoop.Training.Data;

namespace RetrainLoop.Tests.Training.Data;

public sealed class EpochOrderTests
{
    [Fact]
    public void Draw_NewAndBaseFrames_AllNewOnceAndTheShareOfBaseOnes() =>
        Gen.Select(Gen.Int[1, 200], Gen.Int[0, 400], Gen.Double[0, 0.9], Gen.Int).Sample((fresh, old, share, seed) =>
        {
            bool[] isNew = [.. Enumerable.Repeat(true, fresh), .. Enumerable.Repeat(false, old)];
            var order = EpochOrder.Draw(isNew, share, new Random(seed));
            Assert.Equal(order.Length, order.Distinct().Count());
            Assert.Equal(fresh, order.Count(index => isNew[index]));
            Assert.Equal(Math.Min(old, (int)Math.Round(fresh * share / (1 - share))), order.Count(index => !isNew[index]));
        });

    [Fact]
    public void Draw_NoNewFrames_TakesAll() => Assert.Equal(5, EpochOrder.Draw(new bool[5], 0.3, new Random(1)).Length);
}
