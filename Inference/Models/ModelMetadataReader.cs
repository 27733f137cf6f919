using System.Globalization;

namespace RetrainLoop.Inference.Models;

/// <summary>What an exporter wrote into a model; null where it wrote nothing usable.</summary>
sealed record ModelMetadata(IReadOnlyList<string>? ClassNames, int? ImageSize, int? Stride, string? Task);

/// <summary>Reads the custom metadata that the common YOLO exporters and our own write: <c>names</c>, <c>imgsz</c>, <c>stride</c>,
/// <c>task</c>.</summary>
static class ModelMetadataReader
{
    public static ModelMetadata Read(IReadOnlyDictionary<string, string> metadata)
    {
        var sides = metadata.TryGetValue("imgsz", out var size) ? PythonLiteral.Integers(size) : [];
        return new ModelMetadata(
            metadata.TryGetValue("names", out var names) ? PythonLiteral.Names(names) : null,
            sides.Count > 0 && sides.All(side => side > 0) ? sides.Max() : null,
            metadata.TryGetValue("stride", out var stride)
            && double.TryParse(stride, NumberStyles.Float, CultureInfo.InvariantCulture, out var pixels) ? (int)pixels : null,
            metadata.GetValueOrDefault("task"));
    }
}
