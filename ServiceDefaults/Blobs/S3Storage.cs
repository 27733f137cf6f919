using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace RetrainLoop.ServiceDefaults.Blobs;

/// <summary>
/// Keeps bytes in a bucket of an S3-compatible server, under a prefix of the service's own. What is read is copied into a bounded local folder,
/// because models are mapped and images are served in ranges.
/// </summary>
public sealed class S3Storage : IBlobStorage, IDisposable
{
    readonly AmazonS3Client client;
    readonly BlobCache cache;
    readonly string bucket, prefix;

    public S3Storage(IOptions<BlobOptions> options, IHostEnvironment environment, TimeProvider time)
    {
        var settings = options.Value;
        bucket = settings.Bucket;
        prefix = $"{settings.Prefix}{environment.ApplicationName.ToLowerInvariant()}/";
        cache = new BlobCache(settings.Root, settings.CacheMegabytes * 1_000_000L, time);
        var config = new AmazonS3Config
        {
            ForcePathStyle = true,
            AuthenticationRegion = settings.Region,
            // Servers other than Amazon's do not know the newer checksums; bytes are addressed by their hash anyway.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (settings.Endpoint is not null) config.ServiceURL = settings.Endpoint;
        client = settings.AccessKey is null
            ? new AmazonS3Client(config) // the environment's own: instance role, profile, variables
            : new AmazonS3Client(new BasicAWSCredentials(settings.AccessKey, settings.SecretKey), config);
    }

    public Task<bool> HasAsync(string sha256, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        await client.GetObjectMetadataAsync(bucket, prefix + sha256, cancellationToken);
        return true;
    }, absent: false);

    public async Task TakeAsync(string sha256, string file, CancellationToken cancellationToken)
    {
        if (!await HasAsync(sha256, cancellationToken))
            await AskAsync(async () =>
            {
                // In one plain piece: not every server understands Amazon's chunks.
                await client.PutObjectAsync(new PutObjectRequest
                {
                    BucketName = bucket, Key = prefix + sha256, FilePath = file, ContentType = "application/octet-stream", UseChunkEncoding = false,
                }, cancellationToken);
                return true;
            }, absent: false);
        cache.Add(sha256, file);
    }

    public async Task<string?> FindFileAsync(string sha256, CancellationToken cancellationToken)
    {
        if (cache.Find(sha256) is { } kept) return kept;
        var part = cache.NewPart();
        try
        {
            var found = await AskAsync(async () =>
            {
                using var answer = await client.GetObjectAsync(bucket, prefix + sha256, cancellationToken);
                await using (var file = File.Create(part)) await answer.ResponseStream.CopyToAsync(file, cancellationToken);
                return true;
            }, absent: false);
            if (!found) return null;
            await CheckAsync(sha256, part, cancellationToken);
            return cache.Add(sha256, part);
        }
        finally
        {
            File.Delete(part);
        }
    }

    public Task DeleteAsync(string sha256, CancellationToken cancellationToken)
    {
        cache.Remove(sha256);
        return AskAsync(async () =>
        {
            await client.DeleteObjectAsync(bucket, prefix + sha256, cancellationToken);
            return true;
        }, absent: false);
    }

    public void Dispose() => client.Dispose();

    static async Task CheckAsync(string sha256, string file, CancellationToken cancellationToken)
    {
        await using var bytes = File.OpenRead(file);
        var served = Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancellationToken));
        if (served != sha256) throw new BlobStorageException($"The blob storage served bytes with SHA-256 {served} instead of {sha256}.", null);
    }

    static async Task<T> AskAsync<T>(Func<Task<T>> ask, T absent)
    {
        try
        {
            return await ask();
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound && exception.ErrorCode is not "NoSuchBucket")
        {
            return absent;
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            throw new BlobStorageException($"The blob storage does not answer: {exception.Message}", exception);
        }
    }
}

/// <summary>The blob storage is away or refuses.</summary>
public sealed class BlobStorageException(string message, Exception? inner) : IOException(message, inner);
