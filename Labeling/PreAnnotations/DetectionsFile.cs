using System.IO.Compression;
using System.Text.Json;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Labeling.PreAnnotations;

/// <summary>A gzipped JSON <see cref="DetectionsArtifact"/> in the blob store.</summary>
static class DetectionsFile
{
    /// <exception cref="InvalidDataException">The file is not gzip, or holds no images.</exception>
    /// <exception cref="JsonException">The content is no detections artifact.</exception>
    public static async Task<DetectionsArtifact> ReadAsync(BlobStore blobs, ArtifactRef file, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenReadAsync(file.Sha256, cancellationToken) ?? throw new InvalidDataException("its bytes are not here.");
        await using var json = new GZipStream(stream, CompressionMode.Decompress);
        var artifact = await JsonSerializer.DeserializeAsync<DetectionsArtifact>(json, ContractJson.Options, cancellationToken);
        return artifact is { Images: not null, Model: not null } ? artifact : throw new InvalidDataException("it names no model or no images.");
    }
}
