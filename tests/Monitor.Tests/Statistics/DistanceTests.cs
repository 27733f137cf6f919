using System.Text.Json;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Tests.Monitor.Statistics;

public sealed class DistanceTests
{
    static IEnumerable<JsonElement> Cases(string folder) => Golden.Json(Golden.Find(folder, "cases.json")).GetProperty("cases").EnumerateArray();

    static long[] Counts(JsonElement expected, string name) => [.. expected.GetProperty(name).EnumerateArray().Select(count => count.GetInt64())];

    [Fact]
    public void PopulationStability_GoldenCases_EqualTheFloorVariant()
    {
        foreach (var test in Cases("psi"))
        {
            var expected = test.GetProperty("expected");
            double[] edges = [.. test.GetProperty("inner_edges").EnumerateArray().Select(edge => edge.GetDouble())];
            var reference = Cells.Count(Golden.Values(test, "reference", "psi", ""), edges);
            var current = Cells.Count(Golden.Values(test, "current", "psi", ""), edges);
            Assert.Equal(Counts(expected, "counts_reference"), reference);
            Assert.Equal(Counts(expected, "counts_current"), current);
            Assert.Equal(expected.GetProperty("psi_floor_0.0001").GetDouble(), PopulationStability.Index(reference, current), 1e-12);
            Assert.Equal(expected.GetProperty("jensen_shannon_distance_base_e").GetDouble(), JensenShannon.Distance(reference, current), 1e-8);
        }
    }

    [Fact]
    public void QuantileEdges_Deciles_EqualNumpyLinear()
    {
        var test = Cases("psi").Single(test => test.GetProperty("name").GetString() == "deciles_of_reference");
        double[] edges = [.. test.GetProperty("inner_edges").EnumerateArray().Select(edge => edge.GetDouble())];
        var reference = Golden.Values(test, "reference", "psi", "");
        Array.Sort(reference);
        var own = Cells.QuantileEdges(reference);
        Assert.Equal(edges.Length, own.Length);
        for (var i = 0; i < edges.Length; i++) Assert.Equal(edges[i], own[i], 1e-12);
    }

    [Fact]
    public void Wasserstein_GoldenCases_EqualScipy()
    {
        foreach (var test in Cases("wasserstein"))
        {
            var expected = test.GetProperty("expected").GetDouble();
            var distance = Wasserstein.Distance(Golden.Values(test, "a", "wasserstein", "a_file"), Golden.Values(test, "b", "wasserstein", "b_file"));
            Assert.Equal(expected, distance, 1e-12 * Math.Max(1, expected));
        }
    }

    [Fact]
    public void Wasserstein_Histograms_EqualTheValuesTheyStandFor()
    {
        var bins = SignalBins.Confidence;
        double[] a = [0.1005, 0.1005, 0.5005, 0.9005], b = [0.2005, 0.7005];
        var distance = Wasserstein.Distance(Histograms.Of(a, bins.IndexOf), Histograms.Of(b, bins.IndexOf), bins.Middle);
        Assert.Equal(Wasserstein.Distance(a, b), distance, 1e-12);
    }

    [Fact]
    public void Quantiles_GoldenCases_AreWithinOnePercentOfNumpy()
    {
        foreach (var test in Cases("quantiles"))
        {
            var values = Golden.Values(test, "values", "quantiles", "file");
            if (values.Any(value => value < 0)) continue; // a latency is never negative
            var sketch = Histograms.Of(values, SignalBins.Latency.IndexOf);
            var linear = test.GetProperty("expected").GetProperty("linear").EnumerateArray().Select(value => value.GetDouble());
            foreach (var (q, expected) in test.GetProperty("q").EnumerateArray().Select(q => q.GetDouble()).Zip(linear))
                Assert.True(Math.Abs(SignalBins.Latency.Quantile(sketch, q / 100) - expected) <= Math.Max(0.0100001 * expected, 0.001),
                    $"{test.GetProperty("name")} p{q}: {SignalBins.Latency.Quantile(sketch, q / 100)} instead of {expected}");
        }
    }
}
