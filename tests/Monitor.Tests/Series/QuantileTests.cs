using System.Text.Json;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Tests.Monitor.Series;

/// <summary>Quantiles of merged and stored sketches against numpy's.</summary>
public sealed class QuantileTests
{
    public static TheoryData<string> Cases() => [.. Golden.Json(Golden.Find("quantiles", "cases.json")).GetProperty("cases").EnumerateArray()
        .Select(test => test.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void LatencyQuantile_OfSecondsThatWereFolded_IsWithinOnePercentOfNumpy(string name)
    {
        var test = Golden.Json(Golden.Find("quantiles", "cases.json")).GetProperty("cases").EnumerateArray().Single(test => test.GetProperty("name").GetString() == name);
        var values = Golden.Values(test, "values", "quantiles", "file");
        if (values.Any(value => value < 0)) Assert.Skip("No latency is negative: the bins hold none.");

        var folded = Fold(values);
        var linear = test.GetProperty("expected").GetProperty("linear").EnumerateArray().Select(value => value.GetDouble()).ToList();
        foreach (var (q, expected) in test.GetProperty("q").EnumerateArray().Select(value => value.GetDouble()).Zip(linear))
        {
            if (q is not (50 or 95 or 99)) continue;
            var found = folded.LatencyQuantile(q / 100)!.Value;
            Assert.True(Math.Abs(found - expected) <= 0.01 * expected + 0.001, $"p{q} of {name}: {found}, numpy says {expected}"); // 0.001 ms is the smallest bin
        }
    }

    /// <summary>The values as seconds of several cameras, each encoded, and merged in two steps like ten seconds and a minute.</summary>
    static SeriesSketch Fold(double[] values)
    {
        var whole = new SeriesSketch();
        foreach (var part in values.Chunk(Math.Max(1, values.Length / 7)))
        {
            var ten = new SeriesSketch();
            foreach (var second in part.Chunk(100))
                ten.Stage(SeriesSketch.TotalStage).Add(Histograms.Of(second, SignalBins.Latency.IndexOf));
            var (counts, latency) = (new ByteWriter(), new ByteWriter());
            SketchCodec.Write(counts, ten, 0);
            SketchCodec.Write(latency, ten, 1);
            SketchCodec.AddTo(whole, new EncodedSketch(counts.Written, latency.Written, default, default, default));
        }
        return whole;
    }
}
