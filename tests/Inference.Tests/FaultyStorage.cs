using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Tests.Inference;

/// <summary>A blob storage that a test can break.</summary>
/// <param name="fault">What writing throws now; null = it works.</param>
/// <param name="reading">Called before bytes are read.</param>
public sealed class FaultyStorage(IBlobStorage storage, Func<Exception?> fault, Func<Task> reading) : IBlobStorage
{
    public Task<bool> HasAsync(string sha256, CancellationToken cancellationToken) => storage.HasAsync(sha256, cancellationToken);

    public Task TakeAsync(string sha256, string file, CancellationToken cancellationToken) =>
        fault() is { } exception ? throw exception : storage.TakeAsync(sha256, file, cancellationToken);

    public async Task<string?> FindFileAsync(string sha256, CancellationToken cancellationToken)
    {
        await reading();
        return await storage.FindFileAsync(sha256, cancellationToken);
    }

    public Task DeleteAsync(string sha256, CancellationToken cancellationToken) => storage.DeleteAsync(sha256, cancellationToken);
}
