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

    /// <summary>The plain asymptotic p of a distance, Kolmogorov's series.</summary>
    public static double PValue(double distance, long n1, long n2)
    {
        var x = Math.Max(0, distance) * Math.Sqrt(n1 * (double)n2 / (n1 + n2));
        return x < 0.2 ? 1 : Math.Clamp(2 * Enumerable.Range(1, 100).Sum(k => (k % 2 == 1 ? 1 : -1) * Math.Exp(-2.0 * k * k * x * x)), 0, 1);
    }
}
