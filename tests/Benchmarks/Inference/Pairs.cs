namespace RetrainLoop.Benchmarks.Inference;

/// <summary>Rounds of two contestants in turn, so that what else the machine does hits both.</summary>
sealed record Pairs(IReadOnlyList<LoadResult> First, IReadOnlyList<LoadResult> Second)
{
    public static Pairs Run(int rounds, Func<LoadResult> first, Func<LoadResult> second)
    {
        WarmUp(first);
        WarmUp(second);
        List<LoadResult> a = [], b = [];
        for (var round = 0; round < rounds; round++)
        {
            // Whoever is second in one pair is first in the next.
            if (round % 2 == 0) a.Add(first());
            b.Add(second());
            if (round % 2 == 1) a.Add(first());
        }
        return new Pairs(a, b);
    }

    /// <summary>Until everything is compiled: the runtime goes on optimising for about half a minute of load, and takes time from the service for it.</summary>
    static void WarmUp(Func<LoadResult> contestant)
    {
        for (var warmed = TimeSpan.Zero; warmed < BenchArguments.WarmUp;) warmed += contestant().Wall;
    }

    /// <summary>Median over the pairs of first to second.</summary>
    public double Ratio(Func<LoadResult, double> figure) => Median(First.Zip(Second, (a, b) => figure(a) / figure(b)));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>A figure's median as text.</summary>
    public static string Of(IReadOnlyList<LoadResult> results, Func<LoadResult, double> figure, string format) =>
        Median(results.Select(figure)).ToString(format, System.Globalization.CultureInfo.InvariantCulture);

    public int Failures => First.Concat(Second).Sum(result => result.Failures);
}
