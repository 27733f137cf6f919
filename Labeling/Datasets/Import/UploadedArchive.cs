using System.IO.Compression;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace RetrainLoop.Labeling.Datasets.Import;

/// <summary>An archive received into a temporary file, which goes with it.</summary>
sealed class UploadedArchive(FileStream file, ZipArchive zip) : IAsyncDisposable
{
    public ZipArchive Zip => zip;

    /// <summary>Takes the zip from the raw body, or from the first file of a multipart body.</summary>
    /// <exception cref="InvalidDataException">The body is no zip archive.</exception>
    public static async Task<UploadedArchive> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"retrainloop-import-{Guid.NewGuid():N}.zip"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        try
        {
            var body = request.HasFormContentType ? await FilePartAsync(request, cancellationToken) : request.Body;
            await body.CopyToAsync(file, cancellationToken);
            file.Position = 0;
            var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
            return new UploadedArchive(file, zip);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await zip.DisposeAsync();
        await file.DisposeAsync();
    }

    static async Task<Stream> FilePartAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).Value;
        var reader = new MultipartReader(boundary ?? throw new InvalidDataException("the multipart body names no boundary"), request.Body);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            if (section.GetContentDispositionHeader()?.IsFileDisposition() == true) return section.Body;
        throw new InvalidDataException("the form has no part 'file'");
    }
}
