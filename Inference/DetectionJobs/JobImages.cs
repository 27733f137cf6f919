using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Inference.DetectionJobs;

/// <summary>An image of a manifest that cannot be had: gone, altered or too large.</summary>
sealed class MissingImageException(string message) : Exception(message);

/// <summary>Brings the images of a job, from this service's blobs or from their owner; nothing is stored. Owners that are away are waited
/// for.</summary>
sealed class JobImages(BlobStore blobs, IOptions<DetectionJobOptions> options, IOptions<ImageOptions> limits, TimeProvider time)
{
    public async Task<IReadOnlyList<ManifestImage>> ManifestAsync(string uri, CancellationToken cancellationToken)
    {
        var manifest = await PatientlyAsync(async () =>
        {
            await using var stream = await blobs.OpenRemoteAsync(uri, cancellationToken);
            return await JsonSerializer.DeserializeAsync<ImageManifest>(stream, ContractJson.Options, cancellationToken);
        }, cancellationToken);
        return manifest?.Images ?? throw new InvalidDataException($"{uri} is no image manifest.");
    }

    /// <exception cref="MissingImageException">The bytes cannot be had.</exception>
    /// <exception cref="HttpRequestException">The owner stays away.</exception>
    public Task<FrameBytes> ReadAsync(ArtifactRef image, CancellationToken cancellationToken)
    {
        if (image.Length > limits.Value.MaxBytes)
            throw new MissingImageException($"{image.Uri} has {image.Length:N0} bytes; at most {limits.Value.MaxMegabytes} MB are read.");
        return PatientlyAsync(async () =>
        {
            try
            {
                await using Stream stream = await blobs.OpenReadAsync(image.Sha256, cancellationToken) ?? await blobs.OpenRemoteAsync(image.Uri, cancellationToken);
                return await CheckedAsync(stream, image, cancellationToken);
            }
            catch (InvalidDataException exception)
            {
                throw new MissingImageException(exception.Message);
            }
        }, cancellationToken);
    }

    static async Task<FrameBytes> CheckedAsync(Stream stream, ArtifactRef image, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)image.Length + 1);
        var length = await stream.ReadAtLeastAsync(buffer, (int)image.Length + 1, throwOnEndOfStream: false, cancellationToken);
        if (length == image.Length && Convert.ToHexStringLower(SHA256.HashData(buffer.AsSpan(0, length))) == image.Sha256)
            return new FrameBytes(buffer, length);
        ArrayPool<byte>.Shared.Return(buffer);
        throw new MissingImageException($"{image.Uri} served other bytes than the manifest promises.");
    }

    async Task<T> PatientlyAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromSeconds(1);
        for (var attempt = 1; ; attempt++, pause *= 2)
        {
            try
            {
                return await read();
            }
            catch (HttpRequestException exception) when ((int?)exception.StatusCode is >= 400 and < 500)
            {
                throw new MissingImageException($"Its owner answers {(int)exception.StatusCode!}: {exception.Message}");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException && attempt < options.Value.FetchAttempts)
            {
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }
}
