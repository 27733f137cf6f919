using System.Text.Json;

namespace RetrainLoop.Tests.Loop.Stack;

/// <summary>What a kind of drift does to a model, as measured with scipy and pycocotools outside of the stack.</summary>
public sealed record MeasuredEffect(
    string Model, string Drift, double DetectionsPerImage, double MeanConfidence, double ConfidenceD, double ConfidenceP, double AreaD, double AreaP, double Ap)
{
    public static IReadOnlyList<MeasuredEffect> Read(IReadOnlySet<string> models) =>
        [.. JsonDocument.Parse(File.ReadAllBytes(GoldenFolder.Shared("drift", "measured_effects.json"))).RootElement.GetProperty("rows").EnumerateArray()
            .Where(row => models.Contains(row.GetProperty("model").GetString()!) && row.GetProperty("drift").ValueKind == JsonValueKind.String)
            .Select(row => new MeasuredEffect(row.GetProperty("model").GetString()!, row.GetProperty("drift").GetString()!,
                row.GetProperty("detections_per_image").GetDouble(), row.GetProperty("mean_confidence").GetDouble(),
                row.GetProperty("ks_confidence").GetProperty("D").GetDouble(), row.GetProperty("ks_confidence").GetProperty("p").GetDouble(),
                row.GetProperty("ks_area").GetProperty("D").GetDouble(), row.GetProperty("ks_area").GetProperty("p").GetDouble(), row.GetProperty("AP").GetDouble()))];

    /// <summary>
    /// By how much ln p may differ when the distance differs by <paramref name="error"/>: ln p is about -2 n D squared with n = n1 n2 / (n1 + n2)
    /// (Smirnov), and a factor of two for the rest.
    /// </summary>
    public static double LogPError(double distance, double error, long n1, long n2) =>
        2 * (n1 * (double)n2 / (n1 + n2)) * error * (2 * distance + error) + Math.Log(2);
}
