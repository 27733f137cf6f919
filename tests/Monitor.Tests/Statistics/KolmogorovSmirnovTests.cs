using System.Text.Json;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Tests.Monitor.Statistics;

public sealed class KolmogorovSmirnovTests(ITestOutputHelper output)
{
    [Fact]
    public void Test_GoldenCases_EqualScipy()
    {
        var worst = 0.0;
        var cases = Golden.Json(Golden.Find("ks", "cases.json")).GetProperty("cases").EnumerateArray().Where(test => Golden.HasFiles(test, "ks")).ToList();
        foreach (var test in cases)
        {
            var (a, b) = (Golden.Values(test, "a", "ks", "a_file"), Golden.Values(test, "b", "ks", "b_file"));
            var (name, expected) = (test.GetProperty("name").GetString(), test.GetProperty("expected"));
            foreach (var (method, key) in new[] { (KsMethod.Exact, "exact"), (KsMethod.Asymptotic, "asymp"), (KsMethod.Auto, "auto") })
            {
                if (!expected.TryGetProperty(key, out var wanted)) continue;
                var result = KolmogorovSmirnov.Test(a, b, method);
                Assert.Equal(wanted.GetProperty("statistic").GetDouble(), result.Statistic, 1e-14);
                Assert.Equal(expected.GetProperty("statistic_location").GetDouble(), result.Location);
                Assert.Equal(expected.GetProperty("statistic_sign").GetInt32(), result.Sign);
                if (Golden.Number(wanted, "pvalue") is not { } p) continue;
                var error = p == 0 ? result.PValue : Math.Abs(result.PValue / p - 1);
                Assert.True(error < 1e-9, $"{name} {key}: {result.PValue:R} instead of {p:R}, relative error {error:G2}");
                worst = Math.Max(worst, error);
            }
        }
        output.WriteLine($"{cases.Count} cases, largest relative error of p {worst:G2}");
        Assert.True(cases.Count >= (GoldenFolder.HasShared ? 59 : 57));
    }

    [Fact]
    public void Test_OneValueEachAsymptotic_GivesTheExactPInsteadOfNaN() =>
        Assert.Equal(1, KolmogorovSmirnov.Test([0.1], [0.9], KsMethod.Asymptotic).PValue);

    [Fact]
    public void Test_EmptyOrNotANumber_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => KolmogorovSmirnov.Test([], [1]));
        Assert.Throws<ArgumentException>(() => KolmogorovSmirnov.Test([1], [double.NaN]));
    }

    [Fact]
    public void BinnedDistance_AgainstValues_IsWithinTheLargestBinShare()
    {
        var random = new Random(3);
        double[] a = [.. Enumerable.Range(0, 4000).Select(_ => random.NextDouble() * random.NextDouble())];
        double[] b = [.. Enumerable.Range(0, 3000).Select(_ => Math.Sqrt(random.NextDouble()))];
        var (binnedA, binnedB) = (Histograms.Of(a, SignalBins.Confidence.IndexOf), Histograms.Of(b, SignalBins.Confidence.IndexOf));
        var (binned, _) = BinnedDistributions.KolmogorovSmirnov(binnedA, binnedB);
        var exact = KolmogorovSmirnov.Test(a, b).Statistic;
        var bound = Math.Max(binnedA.Counts.Max() / 4000.0, binnedB.Counts.Max() / 3000.0);
        Assert.InRange(exact - binned, -1e-12, bound);
    }
}
