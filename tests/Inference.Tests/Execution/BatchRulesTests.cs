using RetrainLoop.Inference.Execution;

namespace RetrainLoop.Tests.Inference.Execution;

public sealed class BatchRulesTests
{
    [Theory]
    [InlineData(0, 0, 0, -1)] // nothing to run: wait for ever
    [InlineData(0, 3, 0, -1)]
    [InlineData(8, 3, 0, 0)] // full
    [InlineData(1, 0, 0, 0)] // nobody else is coming
    [InlineData(1, 2, 0, 5)]
    [InlineData(7, 1, 3, 2)]
    [InlineData(1, 2, 5, 0)] // waited long enough
    [InlineData(1, 2, 50, 0)]
    public void Wait_State_GivesMilliseconds(int ready, int coming, double waited, double expected)
    {
        var rules = new BatchRules(8, TimeSpan.FromMilliseconds(5));
        Assert.Equal(expected, rules.Wait(ready, coming, TimeSpan.FromMilliseconds(waited)).TotalMilliseconds);
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(8, "1 2 4 8")]
    [InlineData(12, "1 2 4 8 12")]
    public void Sizes_MaxBatch_ArePowersOfTwoAndItself(int most, string expected) =>
        Assert.Equal(expected, string.Join(' ', new BatchRules(most, default).Sizes));

    [Fact]
    public void SizeOf_AnyNumber_IsTheSmallestWarmSizeThatHoldsIt()
    {
        foreach (var most in new[] { 1, 3, 8, 12 })
        {
            var rules = new BatchRules(most, default);
            for (var images = 1; images <= most; images++) Assert.Equal(rules.Sizes.First(size => size >= images), rules.SizeOf(images));
        }
    }

    [Fact]
    public void SizeOf_FixedBatch_IsAlwaysItself() => Assert.Equal(4, new BatchRules(4, default, Fixed: true).SizeOf(1));
}
