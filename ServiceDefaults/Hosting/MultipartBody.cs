using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.ServiceDefaults.Hosting;

/// <summary>One part of a multipart body.</summary>
/// <param name="FileName">Null when the part is no file.</param>
/// <param name="Body">Lasts until the next part is read.</param>
public sealed record MultipartPart(string Name, string? FileName, Stream Body);

/// <summary>Reads a multipart body part by part, without keeping it. Whatever is wrong with it is the sender's: 400 with a sentence.</summary>
public sealed class MultipartBody
{
    const int LongestBoundary = 70; // RFC 2046, 5.1.1
    readonly MultipartReader reader;

    MultipartBody(MultipartReader reader) => this.reader = reader;

    /// <summary>Null when the body is not multipart.</summary>
    /// <exception cref="BadHttpRequestException">It says that it is multipart, but without a usable boundary.</exception>
    public static MultipartBody? Of(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)) return null;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        return boundary is { Length: > 0 and <= LongestBoundary }
            ? new MultipartBody(new MultipartReader(boundary, request.Body))
            : throw new BadHttpRequestException($"The content type names no multipart boundary of 1 to {LongestBoundary} characters.");
    }

    /// <summary>The next part that has a name, or null at the end.</summary>
    /// <exception cref="BadHttpRequestException">The body is cut off or not what it says.</exception>
    public Task<MultipartPart?> NextAsync(CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) continue;
            var file = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
            return new MultipartPart(
                HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "", file.HasValue ? HeaderUtilities.RemoveQuotes(file).Value ?? "" : null,
                section.Body);
        }
        return null;
    });

    /// <summary>Reads from the current part; a body that ends early is the sender's mistake.</summary>
    /// <exception cref="BadHttpRequestException">The body is cut off or not what it says.</exception>
    /// <exception cref="BlobStorageException">Not the sender's mistake: what was read cannot be kept.</exception>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (
            exception is InvalidDataException || exception is IOException and not (BadHttpRequestException or BlobStorageException))
        {
            throw new BadHttpRequestException($"The multipart form is broken: {exception.Message}");
        }
    }
}
