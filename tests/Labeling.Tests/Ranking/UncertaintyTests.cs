using System.Text.Json;
using RetrainLoop.Labeling.Ranking;

namespace RetrainLoop.Tests.Labeling.Ranking;

public sealed class UncertaintyTests
{
    static readonly Dictionary<string, (Func<IReadOnlyList<double>, double> Score, int Sign)> Definitions = new()
    {
        ["least_confidence_max"] = (Uncertainty.LeastConfidenceMax, -1),
        ["least_confidence_mean"] = (Uncertainty.LeastConfidenceMean, -1),
        ["binary_entropy_sum"] = (Uncertainty.BinaryEntropySum, -1),
        ["binary_entropy_mean"] = (Uncertainty.BinaryEntropyMean, -1),
        ["margin_to_half_min"] = (Uncertainty.MarginToHalfMin, 1),
    };

    public static TheoryData<string> Names => [.. Definitions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Score_GoldenPictures_EqualsReferenceAndItsOrder(string name)
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenFolder.Shared("ranking", "cases.json")));
        var (score, sign) = Definitions[name];
        var scored = golden.RootElement.GetProperty("images").EnumerateArray().Select(image =>
        {
            var value = score([.. image.GetProperty("scores").EnumerateArray().Select(item => item.GetDouble())]);
            Assert.Equal(image.GetProperty(name).GetDouble(), value, 1e-9);
            return (Image: image.GetProperty("image").GetString()!, Value: value);
        }).ToList();
        var order = scored.OrderBy(image => sign * image.Value).ThenBy(image => image.Image, StringComparer.Ordinal).Select(image => image.Image);
        Assert.Equal(golden.RootElement.GetProperty("ranking").GetProperty(name).EnumerateArray().Select(item => item.GetString()!), order);
    }
}
