using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace RetrainLoop.ServiceDefaults.Blobs;

/// <summary>
/// One service's bytes, addressed by SHA-256 in a folder of its own. Writing the same bytes twice keeps one file. Only the owner deletes.
/// </summary>
public sealed class BlobStore(IOptions<BlobOptions> options, IHostEnvironment environment, IHttpClientFactory http, IConfiguration configuration)
{
    internal const string HttpClientName = "artifacts";
    readonly string root = options.Value.Root;
    readonly string owner = environment.ApplicationName.ToLowerInvariant();

    public async Task<ArtifactRef> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        var path = PathOf(sha256);
        if (!File.Exists(path)) await WriteAsync(path, file => file.WriteAsync(bytes, cancellationToken).AsTask());
        return RefOf(sha256, bytes.Length);
    }

    public async Task<ArtifactRef> PutAsync(Stream bytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var temporary = TemporaryPath();
        long length = 0;
        try
        {
            await using (var file = File.Create(temporary))
            {
                var buffer = new byte[81920];
                int read;
                while ((read = await bytes.ReadAsync(buffer, cancellationToken)) > 0)
                {
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                    length += read;
                }
            }
            var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
            var path = PathOf(sha256);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
            return RefOf(sha256, length);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Copies another service's bytes here and checks them against their hash. Own bytes are not copied.</summary>
    /// <exception cref="InvalidDataException">The bytes are not those that the reference promises.</exception>
    /// <exception cref="HttpRequestException">The owner does not answer, or no longer has them.</exception>
    public async Task<ArtifactRef> FetchAsync(ArtifactRef artifact, CancellationToken cancellationToken)
    {
        if (IsSha256(artifact.Sha256) && File.Exists(PathOf(artifact.Sha256))) return RefOf(artifact.Sha256, artifact.Length);
        await using var source = await OpenRemoteAsync(artifact.Uri, cancellationToken);
        var copy = await PutAsync(source, cancellationToken);
        if (copy.Sha256 == artifact.Sha256) return copy;
        Delete(copy.Sha256);
        throw new InvalidDataException($"{artifact.Uri} served bytes with SHA-256 {copy.Sha256} instead of {artifact.Sha256}.");
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
    public FileStream? OpenRead(string sha256)
    {
        if (!IsSha256(sha256)) return null;
        try
        {
            return new FileStream(PathOf(sha256), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 81920, useAsync: true);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>All bytes of a blob that must be there.</summary>
    /// <exception cref="FileNotFoundException">It is not.</exception>
    public Task<byte[]> ReadAsync(string sha256, CancellationToken cancellationToken) => File.ReadAllBytesAsync(PathOf(sha256), cancellationToken);

    /// <summary>The file of a blob, for libraries that map files. It may be read until the owner deletes it, and never be written.</summary>
    public string PathOf(string sha256) => Path.Combine(root, sha256[..2], sha256);

    public void Delete(string sha256)
    {
        if (IsSha256(sha256)) File.Delete(PathOf(sha256));
    }

    static bool IsSha256(string? text) => text is { Length: 64 } && text.All(character => char.IsAsciiHexDigitLower(character));

    ArtifactRef RefOf(string sha256, long length) => new($"http://{owner}/v1/blobs/{sha256}", sha256, length);

    string TemporaryPath()
    {
        Directory.CreateDirectory(root);
        return Path.Combine(root, $".{Guid.NewGuid():N}.part");
    }

    async Task WriteAsync(string path, Func<FileStream, Task> write)
    {
        var temporary = TemporaryPath();
        try
        {
            await using (var file = File.Create(temporary)) await write(file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
