using System.IO.Compression;
using System.Text.Json;
using RetrainLoop.Contracts;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>Brings a dataset's ground truth and a model's detections together.</summary>
sealed class ScoredDataset(BlobStore blobs)
{
    /// <exception cref="InvalidDataException">The two do not belong together, or one cannot be read; the message says why.</exception>
    public async Task<CocoMatches> MatchAsync(CocoGroundTruth groundTruth, ArtifactRef detections, CancellationToken cancellationToken) =>
        CocoMatches.Compute(groundTruth, await DetectionsAsync(groundTruth, detections, cancellationToken));

    /// <summary>The artifact's detections in the ground truth's ids.</summary>
    public async Task<List<CocoDetection>> DetectionsAsync(CocoGroundTruth groundTruth, ArtifactRef detections, CancellationToken cancellationToken) =>
        ToCoco(groundTruth, await ReadDetectionsAsync(detections, cancellationToken));

    public async Task<CocoGroundTruth> ReadGroundTruthAsync(string uri, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenRemoteAsync(uri, cancellationToken);
        return await ReadAsync<CocoGroundTruth>(stream, $"The ground truth at {uri}", cancellationToken);
    }

    async Task<DetectionsArtifact> ReadDetectionsAsync(ArtifactRef artifact, CancellationToken cancellationToken)
    {
        var copy = await blobs.FetchAsync(artifact, cancellationToken);
        await using var file = (await blobs.OpenReadAsync(copy.Sha256, cancellationToken))!;
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        return await ReadAsync<DetectionsArtifact>(gzip, $"The detections {artifact.Uri}", cancellationToken);
    }

    static async Task<T> ReadAsync<T>(Stream stream, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(stream, ContractJson.Options, cancellationToken)
                ?? throw new InvalidDataException($"{what} are empty.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{what} cannot be read: {exception.Message}");
        }
    }

    /// <summary>
    /// Images are matched by manifest key = COCO file name, classes by name (letter case ignored). Images that the ground truth does not list and classes it does not
    /// know are left out; an image without an answer is refused, because it would pass for a missed one.
    /// </summary>
    public static List<CocoDetection> ToCoco(CocoGroundTruth groundTruth, DetectionsArtifact artifact)
    {
        var byKey = artifact.Images.ToLookup(image => image.Key);
        var missing = groundTruth.Images.Count(image => !byKey.Contains(image.FileName ?? ""));
        if (missing > 0)
            throw new InvalidDataException($"The detections lack {missing} of the dataset's {groundTruth.Images.Count} images, so they are not of this dataset version.");
        var categories = groundTruth.Categories.ToLookup(category => category.Name.Trim(), category => category.Id, StringComparer.OrdinalIgnoreCase);
        var detections = new List<CocoDetection>();
        foreach (var image in groundTruth.Images)
        {
            var answer = byKey[image.FileName!].First();
            if (answer.Error is { } error) throw new InvalidDataException($"The model could not read '{answer.Key}': {error}");
            foreach (var found in answer.Detections)
                foreach (var category in categories[found.Name.Trim()].Take(1))
                    detections.Add(new CocoDetection
                    {
                        ImageId = image.Id, CategoryId = category, Score = found.Confidence,
                        Bbox = new CocoBox(found.X, found.Y, found.Width, found.Height),
                    });
        }
        return detections;
    }
}
