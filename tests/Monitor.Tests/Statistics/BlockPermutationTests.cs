using CsCheck;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Tests.Monitor.Statistics;

public sealed class BlockPermutationTests
{
    /// <summary>Blocks that each hold ten values in one of two cells: [0] low, [1] high.</summary>
    static PermutationBlocks Blocks(IEnumerable<(int Stratum, bool Current, int Layer, int High)> blocks, int layers = 1)
    {
        var laid = new PermutationBlocks(2, layers, ordered: true);
        foreach (var (stratum, current, layer, high) in blocks) laid.AddTo(laid.Add(stratum, current), layer, [10 - high, high]);
        return laid;
    }

    [Fact]
    public void Test_FullySeparatedBlocks_GivesOneOverTheArrangements()
    {
        var result = BlockPermutation.Test(Blocks(Enumerable.Range(0, 8).Select(i => (0, i >= 4, 0, i >= 4 ? 9 : 1))), 20_000);
        Assert.Equal(0.8, result.Distance, 1e-12);
        Assert.Equal(2 / 70.0, result.PValue, 0.005); // C(8, 4) arrangements, two of which are as far apart
    }

    [Fact]
    public void Test_DayCycleInDifferentHours_IsNoDistanceBetweenLikeAndLike()
    {
        // The current window holds more evenings, which are brighter on all days alike.
        (int, bool, int, int)[] blocks = [(0, false, 0, 2), (0, false, 0, 2), (0, true, 0, 2), (1, false, 1, 8), (1, true, 1, 8), (1, true, 1, 8)];
        Assert.Equal(0, BlockPermutation.Test(Blocks(blocks, layers: 2)).Distance, 1e-12);
        Assert.True(BlockPermutation.Test(Blocks(blocks.Select(block => (0, block.Item2, 0, block.Item4)))).Distance > 0.15);
    }

    [Fact]
    public void Test_LayerOfOneSideOnly_IsNotCompared()
    {
        var laid = Blocks([(0, false, 0, 5), (0, true, 0, 5), (1, true, 1, 10)], layers: 2);
        Assert.Equal(0, BlockPermutation.Test(laid).Distance, 1e-12);
        Assert.Equal(0.5, laid.ComparableShare(), 1e-12);
    }

    [Fact]
    public void Test_ExchangeableBlocks_RejectsAsOftenAsItSays()
    {
        var random = new Random(5);
        var rejected = Enumerable.Range(0, 1000).Count(_ =>
            BlockPermutation.Test(Blocks(Enumerable.Range(0, 12).Select(i => (0, i >= 6, 0, random.Next(11)))), 400, random.Next()).PValue <= 0.1);
        Assert.InRange(rejected, 60, 130); // 10 % of 1,000, and ties make it a little less
    }

    [Fact]
    public void Test_ManyExceedances_StopsEarly() =>
        Assert.True(BlockPermutation.Test(Blocks(Enumerable.Range(0, 12).Select(i => (0, i >= 6, 0, i % 6))), 100_000).Draws < 1000);

    [Fact]
    public void Distance_OneLayer_IsThePlainDistanceOfTheCounts() => Gen.Long[0, 50].Array[8].Select(Gen.Long[0, 50].Array[8]).Sample((a, b) =>
    {
        if (a.Sum() == 0 || b.Sum() == 0) return;
        foreach (var ordered in new[] { true, false })
        {
            var laid = new PermutationBlocks(8, 1, ordered);
            laid.AddTo(laid.Add(0, false), 0, a);
            laid.AddTo(laid.Add(0, true), 0, b);
            var cumulative = Enumerable.Range(1, 8).Max(n => Math.Abs(a.Take(n).Sum() / (double)a.Sum() - b.Take(n).Sum() / (double)b.Sum()));
            Assert.Equal(ordered ? cumulative : ChiSquare.TotalVariation(a, b), BlockPermutation.Test(laid, 200).Distance, 1e-9);
        }
    });
}
