using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Inference.Predict;

/// <summary>Reads the images of a request into pooled memory: a raw body, the files of a multipart form, or what a URL serves.</summary>
sealed class PredictBody(RemoteImages remote, ByteBudget budget, IOptions<PredictOptions> options, IOptions<ImageOptions> images)
{
    /// <summary>The JSON body of a prediction by URL.</summary>
    public sealed record Address(string? Url);

    /// <returns>At least one file; the caller releases them.</returns>
    /// <exception cref="BadHttpRequestException">There is no file, there are too many, or the body is not what it says.</exception>
    /// <exception cref="BadImageException">A file is over the limit, or its URL cannot be read.</exception>
    /// <exception cref="OverloadedException">The images under way leave no memory for this one.</exception>
    public async Task<List<PredictFile>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var files = new List<PredictFile>(1);
        try
        {
            if (MultipartBody.Of(request) is { } form) await ReadFormAsync(form, files, cancellationToken);
            else if (IsJson(request.ContentType)) files.Add(await remote.FetchAsync(await UrlAsync(request, cancellationToken), cancellationToken));
            else files.Add(new PredictFile("The body",
                await PooledBody.ReadAsync(request.Body, request.ContentLength, "The body", images.Value, budget, cancellationToken)));
            if (files.Count == 0) throw new BadHttpRequestException("The form has no file. Send the image as the part 'file', or alone as the body.");
            return files;
        }
        catch
        {
            foreach (var file in files) file.Bytes.Release();
            throw;
        }
    }

    async Task ReadFormAsync(MultipartBody form, List<PredictFile> files, CancellationToken cancellationToken)
    {
        while (await form.NextAsync(cancellationToken) is { } part)
        {
            if (part.FileName is null) continue;
            if (files.Count == options.Value.MaxFiles)
                throw new BadHttpRequestException($"At most {options.Value.MaxFiles} files are taken in one request.");
            files.Add(PredictFile.Of(part.FileName, await MultipartBody.GuardAsync(
                () => PooledBody.ReadAsync(part.Body, null, $"'{PredictFile.Bounded(part.FileName)}'", images.Value, budget, cancellationToken))));
        }
    }

    static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);

    async Task<string> UrlAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!options.Value.AllowUrls)
            throw new BadHttpRequestException(
                "Images are not fetched from URLs here. Send the image itself as the body, or let an administrator set Predict:AllowUrls.",
                StatusCodes.Status403Forbidden);
        try
        {
            return (await request.ReadFromJsonAsync<Address>(ContractJson.Options, cancellationToken))?.Url is { Length: > 0 } url
                ? url
                : throw new BadHttpRequestException("The JSON body names no 'url'. Send {\"url\": \"https://...\"}, or the image itself.");
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException($"The body is not JSON like {{\"url\": \"https://...\"}}: {exception.Message}");
        }
    }
}
