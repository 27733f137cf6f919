using System.Buffers;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Inference.Predict;

/// <summary>One image of a request, with the name by which a refusal calls it.</summary>
readonly record struct PredictFile(string Name, FrameBytes Bytes);

/// <summary>Reads the images of a request into pooled memory: a raw body, or the files of a multipart form.</summary>
static class PredictBody
{
    const int FirstGuess = 256 * 1024;

    /// <returns>At least one file; the caller releases them.</returns>
    /// <exception cref="BadHttpRequestException">There is no file, or there are too many.</exception>
    /// <exception cref="BadImageException">A file is over the limit.</exception>
    public static async Task<List<PredictFile>> ReadAsync(
        HttpRequest request, PredictOptions options, ImageOptions limits, CancellationToken cancellationToken)
    {
        var files = new List<PredictFile>();
        try
        {
            if (Boundary(request.ContentType) is { } boundary)
                await ReadFormAsync(new MultipartReader(boundary, request.Body), files, options, limits, cancellationToken);
            else files.Add(new PredictFile("The body", await ReadAsync(request.Body, request.ContentLength, "The body", limits, cancellationToken)));
            if (files.Count == 0) throw new BadHttpRequestException("The form has no file. Send the image as the part 'file', or alone as the body.");
            return files;
        }
        catch
        {
            foreach (var file in files) file.Bytes.Release();
            throw;
        }
    }

    static async Task ReadFormAsync(
        MultipartReader reader, List<PredictFile> files, PredictOptions options, ImageOptions limits, CancellationToken cancellationToken)
    {
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.IsFileDisposition())
                    continue;
                if (files.Count == options.MaxFiles) throw new BadHttpRequestException($"At most {options.MaxFiles} files are taken in one request.");
                var name = $"'{HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName)}'";
                files.Add(new PredictFile(name, await ReadAsync(section.Body, null, name, limits, cancellationToken)));
            }
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new BadHttpRequestException($"The multipart form is broken: {exception.Message}");
        }
    }

    static async Task<FrameBytes> ReadAsync(Stream body, long? declared, string name, ImageOptions limits, CancellationToken cancellationToken)
    {
        if (declared > limits.MaxBytes) throw TooLarge(name, limits);
        // One more than declared, so that the end is seen without growing.
        var buffer = ArrayPool<byte>.Shared.Rent(declared is { } length ? (int)length + 1 : FirstGuess);
        try
        {
            var filled = 0;
            while (await body.ReadAsync(buffer.AsMemory(filled), cancellationToken) is var read and > 0)
            {
                filled += read;
                if (filled > limits.MaxBytes) throw TooLarge(name, limits);
                if (filled == buffer.Length) buffer = Grown(buffer);
            }
            return new FrameBytes(buffer, filled);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    static byte[] Grown(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    static string? Boundary(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 } boundary ? boundary : null;

    static BadImageException TooLarge(string name, ImageOptions limits) =>
        new(StatusCodes.Status413PayloadTooLarge, $"{name} is larger than the {limits.MaxMegabytes} MB that are taken.");
}
