using System.Text;
using System.Text.Json;
using RetrainLoop.Inference.Blobs;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Inference.Models;

/// <summary>The parts of a multipart upload; files went straight to the blob store.</summary>
sealed record ModelUpload(string? Name, ArtifactRef? File, ArtifactRef? Checkpoint, ModelSpec Spec)
{
    const int LongestText = 1 << 20, LargestImage = 4096, LongestDelayMs = 1000;

    /// <param name="hold">Holds each file from before it is stored.</param>
    /// <param name="stored">Receives each file as soon as it is stored, also when the upload fails afterwards.</param>
    /// <exception cref="BadHttpRequestException">The body is not multipart or a part is not what it should be.</exception>
    public static async Task<ModelUpload> ReadAsync(
        HttpRequest request, BlobStore blobs, BlobHold hold, ICollection<ArtifactRef> stored, CancellationToken cancellationToken)
    {
        var form = MultipartBody.Of(request) ?? throw new BadHttpRequestException(
            "Send multipart/form-data with the parts 'file' (ONNX), 'name' and, where needed, 'spec' (JSON) and 'checkpoint'.");
        var upload = new ModelUpload(null, null, null, new ModelSpec());
        while (await form.NextAsync(cancellationToken) is { } part)
            upload = await MultipartBody.GuardAsync(async () => part.Name switch
            {
                "name" => upload with { Name = await TextAsync(part.Body, cancellationToken) },
                "spec" => upload with { Spec = ReadSpec(await TextAsync(part.Body, cancellationToken)) },
                "file" => upload with { File = await StoreAsync(part.Body) },
                "checkpoint" => upload with { Checkpoint = await StoreAsync(part.Body) },
                var other => throw new BadHttpRequestException(
                    $"There is no part '{other}' in a model upload; there are 'file', 'name', 'spec' and 'checkpoint'."),
            });
        return upload;

        async Task<ArtifactRef> StoreAsync(Stream part)
        {
            var file = await blobs.PutAsync(part, hold.OnAsync, cancellationToken);
            stored.Add(file);
            return file;
        }
    }

    static async Task<string> TextAsync(Stream part, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(part, Encoding.UTF8);
        var buffer = new char[LongestText];
        var length = await reader.ReadBlockAsync(buffer, cancellationToken);
        return length < LongestText ? new string(buffer, 0, length).Trim() : throw new BadHttpRequestException("A text part is longer than 1 MB.");
    }

    /// <summary>Why a spec cannot be, or null.</summary>
    internal static string? WrongWith(ModelSpec spec) =>
        spec.ImageSize is < 1 or > LargestImage ? $"'imageSize' is between 1 and {LargestImage} pixels, not {spec.ImageSize}."
        : spec.ClassNames is { } names && (names.Count == 0 || names.Any(string.IsNullOrWhiteSpace))
            ? "'classNames' has a name for each class, and none of them is blank; leave it out to take the names of the model's metadata."
        : spec.Batching?.MaxBatch < 1 ? $"'batching.maxBatch' is at least 1, not {spec.Batching.MaxBatch}."
        : spec.Batching?.MaxDelayMs is { } delay && !(delay is >= 0 and <= LongestDelayMs)
            ? $"'batching.maxDelayMs' is between 0 and {LongestDelayMs} ms."
        : null;

    static ModelSpec ReadSpec(string text)
    {
        try
        {
            var spec = JsonSerializer.Deserialize<ModelSpec>(text, ContractJson.Options) ?? new ModelSpec();
            return WrongWith(spec) is { } wrong ? throw new BadHttpRequestException(wrong) : spec;
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException(
                "'spec' is JSON like {\"head\": \"yolov8\", \"classNames\": [\"a\", \"b\"], \"imageSize\": 640}; " + exception.Message);
        }
    }
}
