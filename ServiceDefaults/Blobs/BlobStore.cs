using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace RetrainLoop.ServiceDefaults.Blobs;

/// <summary>
/// One service's bytes, addressed by SHA-256, in a storage of its own; and the way to those of other services. Writing the same bytes twice keeps
/// one copy. Only the owner deletes.
/// </summary>
public sealed class BlobStore(
    IBlobStorage storage, IOptions<BlobOptions> options, IHostEnvironment environment, IHttpClientFactory http, IConfiguration configuration)
{
    internal const string HttpClientName = "artifacts";
    const int BufferSize = 81920;
    readonly string owner = environment.ApplicationName.ToLowerInvariant();

    public Task<ArtifactRef> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => PutAsync(bytes, null, cancellationToken);

    /// <param name="hold">Called with the hash before the storage is asked for it: bytes that are there already are not written again, so nobody may
    /// delete them from then on.</param>
    public async Task<ArtifactRef> PutAsync(
        ReadOnlyMemory<byte> bytes, Func<string, CancellationToken, Task>? hold, CancellationToken cancellationToken)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        if (hold is not null) await hold(sha256, cancellationToken);
        if (!await storage.HasAsync(sha256, cancellationToken))
            await TakeAsync(async file =>
            {
                await file.WriteAsync(bytes, cancellationToken);
                return sha256;
            }, cancellationToken);
        return RefOf(sha256, bytes.Length);
    }

    public Task<ArtifactRef> PutAsync(Stream bytes, CancellationToken cancellationToken) => PutAsync(bytes, null, null, cancellationToken);

    /// <param name="hold">As for bytes in memory; called once all have been read.</param>
    public Task<ArtifactRef> PutAsync(Stream bytes, Func<string, CancellationToken, Task>? hold, CancellationToken cancellationToken) =>
        PutAsync(bytes, null, hold, cancellationToken);

    async Task<ArtifactRef> PutAsync(
        Stream bytes, ArtifactRef? promised, Func<string, CancellationToken, Task>? hold, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;
        var sha256 = await TakeAsync(async file =>
        {
            var buffer = new byte[BufferSize];
            int read;
            while ((read = await bytes.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                length += read;
            }
            var found = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (promised is not null && promised.Sha256 != found) // then nothing is kept, and nothing need be deleted that others may have
                throw new InvalidDataException($"{promised.Uri} served bytes with SHA-256 {found} instead of {promised.Sha256}.");
            if (hold is not null) await hold(found, cancellationToken);
            return found;
        }, cancellationToken);
        return RefOf(sha256, length);
    }

    /// <summary>Copies another service's bytes here and checks them against their hash. Own bytes are not copied.</summary>
    /// <exception cref="InvalidDataException">The bytes are not those that the reference promises.</exception>
    /// <exception cref="HttpRequestException">The owner does not answer, or no longer has them.</exception>
    public Task<ArtifactRef> FetchAsync(ArtifactRef artifact, CancellationToken cancellationToken) => FetchAsync(artifact, null, cancellationToken);

    /// <inheritdoc cref="FetchAsync(ArtifactRef, CancellationToken)"/>
    /// <param name="hold">Called with the hash before the storage is asked for it, as when bytes are put.</param>
    public async Task<ArtifactRef> FetchAsync(
        ArtifactRef artifact, Func<string, CancellationToken, Task>? hold, CancellationToken cancellationToken)
    {
        if (hold is not null) await hold(artifact.Sha256, cancellationToken);
        if (IsSha256(artifact.Sha256) && await storage.HasAsync(artifact.Sha256, cancellationToken)) return RefOf(artifact.Sha256, artifact.Length);
        await using var source = await OpenRemoteAsync(artifact.Uri, cancellationToken);
        return await PutAsync(source, artifact, null, cancellationToken);
    }

    /// <summary>Streams a URI of a service of this stack; the service token is never sent to another host.</summary>
    /// <exception cref="InvalidDataException">The host is no service that this one was given a reference to.</exception>
    public async Task<Stream> OpenRemoteAsync(string uri, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var address) || !configuration.GetSection($"services:{address.Host}").Exists())
            throw new InvalidDataException($"'{uri}' is not on a service of this stack.");
        var response = await http.CreateClient(HttpClientName).GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <summary>Opens a blob for reading, or null when there is none.</summary>
    public async Task<FileStream?> OpenReadAsync(string sha256, CancellationToken cancellationToken)
    {
        if (!IsSha256(sha256) || await storage.FindFileAsync(sha256, cancellationToken) is not { } file) return null;
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, useAsync: true);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // deleted this moment
        }
    }

    /// <summary>All bytes of a blob that must be there.</summary>
    /// <exception cref="FileNotFoundException">It is not.</exception>
    public async Task<byte[]> ReadAsync(string sha256, CancellationToken cancellationToken) =>
        await File.ReadAllBytesAsync(await FileOfAsync(sha256, cancellationToken), cancellationToken);

    /// <summary>A file with a blob's bytes, for libraries that map files. It may be read until the owner deletes it, and never be written.</summary>
    /// <exception cref="FileNotFoundException">There is no such blob.</exception>
    public async Task<string> FileOfAsync(string sha256, CancellationToken cancellationToken) =>
        IsSha256(sha256) && await storage.FindFileAsync(sha256, cancellationToken) is { } file
            ? file
            : throw new FileNotFoundException($"The bytes {sha256} are not in this service's blob store.");

    public Task DeleteAsync(string sha256, CancellationToken cancellationToken) =>
        IsSha256(sha256) ? storage.DeleteAsync(sha256, cancellationToken) : Task.CompletedTask;

    static bool IsSha256(string? text) => text is { Length: 64 } && text.All(character => char.IsAsciiHexDigitLower(character));

    ArtifactRef RefOf(string sha256, long length) => new($"http://{owner}/v1/blobs/{sha256}", sha256, length);

    // Written beside and then taken over whole, so that nobody ever reads half a blob.
    async Task<string> TakeAsync(Func<FileStream, Task<string>> write, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Value.Root);
        var temporary = Path.Combine(options.Value.Root, $".{Guid.NewGuid():N}.part");
        try
        {
            string sha256;
            await using (var file = File.Create(temporary)) sha256 = await write(file);
            await storage.TakeAsync(sha256, temporary, cancellationToken);
            return sha256;
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
