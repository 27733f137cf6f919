using System.Text.Json.Serialization;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>The parts of a COCO annotation file that scoring reads.</summary>
public sealed class CocoGroundTruth
{
    public required IReadOnlyList<CocoImage> Images { get; init; }
    public IReadOnlyList<CocoAnnotation> Annotations { get; init; } = [];
    public required IReadOnlyList<CocoCategory> Categories { get; init; }
}

public sealed class CocoImage
{
    public required long Id { get; init; }
    [JsonPropertyName("file_name")] public string? FileName { get; init; }
}

public sealed class CocoCategory
{
    public required int Id { get; init; }
    public string Name { get; init; } = "";
}

/// <summary>A labelled object. Without <c>area</c> the box's area decides its size class.</summary>
public sealed class CocoAnnotation
{
    public required long Id { get; init; }
    [JsonPropertyName("image_id")] public required long ImageId { get; init; }
    [JsonPropertyName("category_id")] public required int CategoryId { get; init; }
    public required CocoBox Bbox { get; init; }
    public double? Area { get; init; }
    /// <summary>1 = a region of many objects: detections on it are neither right nor wrong.</summary>
    [JsonConverter(typeof(CrowdFlagConverter))] public bool Iscrowd { get; init; }
}

/// <summary>One entry of a COCO results list.</summary>
public sealed class CocoDetection
{
    [JsonPropertyName("image_id")] public required long ImageId { get; init; }
    [JsonPropertyName("category_id")] public required int CategoryId { get; init; }
    public required CocoBox Bbox { get; init; }
    public required double Score { get; init; }
}
