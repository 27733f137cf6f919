using System.Globalization;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Benchmarks.Drift;

/// <summary>How long the tests take.</summary>
static class StatisticsBenchmark
{
    const int Repeats = 7;

    public static Task<BenchmarkTable> RunAsync(CancellationToken cancellationToken)
    {
        var random = new Random(1);
        double[] Sample(int count, double shift) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() + shift)];
        var (large, otherLarge) = (Sample(100_000, 0), Sample(100_000, 0.001));
        var (small, otherSmall, odd) = (Sample(10_000, 0), Sample(10_000, 0.01), Sample(9_999, 0.01));
        var table = new BenchmarkTable("what", "best of 7 (ms)", "limit (ms)");
        void Row(string what, double limit, Action run)
        {
            cancellationToken.ThrowIfCancellationRequested();
            table.Add(what, Best(run).ToString("F2", CultureInfo.InvariantCulture), limit);
        }
        Row("KS 100,000 x 100,000, sorting included", 10, () => KolmogorovSmirnov.Test(large, otherLarge));
        Row("KS exact 10,000 x 10,000", 3, () => KolmogorovSmirnov.Test(small, otherSmall, KsMethod.Exact));
        Row("KS exact 10,000 x 9,999", 25, () => KolmogorovSmirnov.Test(small, odd, KsMethod.Exact));
        var blocks = Blocks(random);
        Row("block permutation, 2 x 168 hours x 1,000 bins x 2,000 permutations", 1000, () => BlockPermutation.Test(blocks, 2000));
        return Task.FromResult(table);
    }

    /// <summary>Two weeks of hours that differ, so that no permutation is saved by stopping early.</summary>
    static PermutationBlocks Blocks(Random random)
    {
        var blocks = new PermutationBlocks(1000, 1, ordered: true);
        for (var hour = 0; hour < 2 * 168; hour++)
        {
            var counts = new long[1000];
            for (var i = 0; i < 700; i++) counts[(int)(1000 * Math.Pow(random.NextDouble(), hour < 168 ? 1 : 1.2))]++;
            blocks.AddTo(blocks.Add(0, hour >= 168), 0, counts);
        }
        return blocks;
    }

    static double Best(Action run)
    {
        run();
        return Enumerable.Range(0, Repeats).Min(_ =>
        {
            var started = TimeProvider.System.GetTimestamp();
            run();
            return TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        });
    }
}
