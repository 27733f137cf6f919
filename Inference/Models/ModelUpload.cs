using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Inference.Models;

/// <summary>The parts of a multipart upload; files went straight to the blob store.</summary>
sealed record ModelUpload(string? Name, ArtifactRef? File, ArtifactRef? Checkpoint, ModelSpec Spec)
{
    const int LongestText = 1 << 20;

    /// <exception cref="BadHttpRequestException">The body is not multipart or a part is not what it should be.</exception>
    public static async Task<ModelUpload> ReadAsync(HttpRequest request, BlobStore blobs, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
            throw new BadHttpRequestException(
                "Send multipart/form-data with the parts 'file' (ONNX), 'name' and, where needed, 'spec' (JSON) and 'checkpoint'.");
        var upload = new ModelUpload(null, null, null, new ModelSpec());
        var reader = new MultipartReader(boundary, request.Body);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) continue;
            upload = HeaderUtilities.RemoveQuotes(disposition.Name).Value switch
            {
                "name" => upload with { Name = await TextAsync(section, cancellationToken) },
                "spec" => upload with { Spec = ReadSpec(await TextAsync(section, cancellationToken)) },
                "file" => upload with { File = await blobs.PutAsync(section.Body, cancellationToken) },
                "checkpoint" => upload with { Checkpoint = await blobs.PutAsync(section.Body, cancellationToken) },
                var other => throw new BadHttpRequestException(
                $"There is no part '{other}' in a model upload; there are 'file', 'name', 'spec' and 'checkpoint'."),
            };
        }
        return upload;
    }

    static async Task<string> TextAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(section.Body, Encoding.UTF8);
        var buffer = new char[LongestText];
        var length = await reader.ReadBlockAsync(buffer, cancellationToken);
        return length < LongestText ? new string(buffer, 0, length).Trim() : throw new BadHttpRequestException("A text part is longer than 1 MB.");
    }

    static ModelSpec ReadSpec(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelSpec>(text, ContractJson.Options) ?? new ModelSpec();
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException(
                "'spec' is JSON like {\"head\": \"yolov8\", \"classNames\": [\"a\", \"b\"], \"imageSize\": 640}; " + exception.Message);
        }
    }
}
