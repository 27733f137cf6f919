namespace RetrainLoop.Contracts;

/// <summary>An image to run a model over. <paramref name="Key"/> is unique in the manifest and comes back in the artifact.</summary>
public sealed record ManifestImage(string Key, ArtifactRef Image);

/// <summary>The images of a dataset version or of a batch, in a stable order.</summary>
public sealed record ImageManifest(IReadOnlyList<ManifestImage> Images);

/// <summary>
/// Runs a model version over a manifest at low priority. The same <paramref name="Key"/> answers with the job it already made.
/// Give either <paramref name="Manifest"/> (a URI that serves an <see cref="ImageManifest"/>) or <paramref name="Images"/>.
/// </summary>
/// <param name="Purpose">Free text that comes back in the finished change, for example <c>pre-annotate</c>.</param>
/// <param name="Confidence">Detections above this are kept.</param>
/// <param name="IoU">Class-wise NMS threshold.</param>
public sealed record DetectionJobRequest(
    string Key, ModelRef Model, string Purpose, string? Deployment = null, string? Manifest = null, IReadOnlyList<ManifestImage>? Images = null,
    double Confidence = 0.001, double IoU = 0.65, int MaxDetections = 300);

public enum DetectionJobState { Queued, Running, Succeeded, Failed, Cancelled }

/// <summary>A detection job. <paramref name="Result"/> is a gzipped JSON <see cref="DetectionsArtifact"/> once it succeeded.</summary>
/// <param name="Error">Why it failed, in a sentence.</param>
public sealed record DetectionJobInfo(
    Guid Id, string Key, ModelRef Model, string Purpose, string? Deployment, DetectionJobState State, int Total, int Done,
    ArtifactRef? Result, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>What a model saw on a manifest.</summary>
public sealed record DetectionsArtifact(ModelRef Model, IReadOnlyList<string> ClassNames, IReadOnlyList<ImageDetections> Images);

/// <summary>Detections of one image, best first.</summary>
/// <param name="Embedding">Pooled feature vector of the model, when it has one.</param>
/// <param name="Error">Set when the image could not be read.</param>
public sealed record ImageDetections(
    string Key, int Width, int Height, IReadOnlyList<Detection> Detections, IReadOnlyList<float>? Embedding = null, string? Error = null);
