namespace RetrainLoop.ServiceDefaults.Blobs;

/// <summary>
/// Where one service's bytes are kept, by their SHA-256 as 64 lower-case hexadecimal digits. Keeping the same bytes twice keeps one copy.
/// </summary>
/// <exception cref="IOException">Any member: the storage does not answer.</exception>
public interface IBlobStorage
{
    Task<bool> HasAsync(string sha256, CancellationToken cancellationToken);

    /// <summary>Takes over a finished file in <see cref="BlobOptions.Root"/>, which has these bytes; it is gone afterwards.</summary>
    Task TakeAsync(string sha256, string file, CancellationToken cancellationToken);

    /// <summary>A local file with the bytes, for reading only, or null when there are none.</summary>
    Task<string?> FindFileAsync(string sha256, CancellationToken cancellationToken);

    /// <summary>Deletes the bytes; nothing happens when there are none.</summary>
    Task DeleteAsync(string sha256, CancellationToken cancellationToken);
}
