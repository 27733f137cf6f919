namespace RetrainLoop.Contracts;

/// <summary>A model version by name; versions count from 1.</summary>
public sealed record ModelRef(string Name, int Version)
{
    public override string ToString() => $"{Name} v{Version}";
}

/// <summary>How the raw output of a detector is laid out.</summary>
public enum DetectorHead { Yolov8, Yolov5, End2end, Yolox }

/// <summary>What an uploader says of a model where its metadata does not.</summary>
public sealed record ModelSpec(
    DetectorHead? Head = null, IReadOnlyList<string>? ClassNames = null, int? ImageSize = null, ModelBatching? Batching = null);

/// <summary>A model's own limits where its service runs images in batches; null = the service's.</summary>
/// <param name="MaxBatch">Most images of one run, at least 1.</param>
/// <param name="MaxDelayMs">How long the first image of a batch waits for others, not negative.</param>
public sealed record ModelBatching(int? MaxBatch = null, double? MaxDelayMs = null);

/// <summary>Where a model came from.</summary>
public sealed record ModelLineage(Guid? TrainingRun = null, DatasetRef? Dataset = null, ModelRef? Base = null, string? LoopRun = null);

/// <summary>An immutable model version. Also the answer to an upload.</summary>
/// <param name="Sha256">Of the ONNX file.</param>
/// <param name="Stride">Pixels of the coarsest grid cell; 0 when not known.</param>
/// <param name="Metrics">Figures that came with the model, for example <c>mAP50</c> (fraction).</param>
/// <param name="ProbeMs">Latency of one warm-up frame at registration.</param>
/// <param name="Batching">Limits that the uploader gave.</param>
/// <param name="FeatureMap">Tensor of the graph whose mean is the embedding, for a model without an embedding of its own.</param>
/// <param name="EmbeddingSource">Where embeddings come from, or why there are none, in a sentence.</param>
public sealed record ModelVersionInfo(
    string Name, int Version, string Sha256, DetectorHead Head, int ImageSize, IReadOnlyList<string> ClassNames, int Stride,
    ArtifactRef Onnx, ArtifactRef? Checkpoint, bool HasEmbedding, ModelLineage Lineage,
    IReadOnlyDictionary<string, double> Metrics, double ProbeMs, DateTimeOffset CreatedAt,
    ModelBatching? Batching = null, string? FeatureMap = null, string? EmbeddingSource = null)
{
    public ModelRef Ref => new(Name, Version);
}

/// <summary>Registers a trained model by reference; the same key answers with the version it already made.</summary>
public sealed record ModelRegistration(
    string Key, string Name, ArtifactRef Onnx, ArtifactRef? Checkpoint, ModelLineage Lineage, IReadOnlyDictionary<string, double>? Metrics = null);
