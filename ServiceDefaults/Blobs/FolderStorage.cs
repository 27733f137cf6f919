using Microsoft.Extensions.Options;

namespace RetrainLoop.ServiceDefaults.Blobs;

/// <summary>Keeps bytes in a folder of this machine, or one that all replicas of a service mount.</summary>
public sealed class FolderStorage(IOptions<BlobOptions> options) : IBlobStorage
{
    readonly string root = options.Value.Root;

    public Task<bool> HasAsync(string sha256, CancellationToken cancellationToken) => Task.FromResult(File.Exists(PathOf(sha256)));

    public Task TakeAsync(string sha256, string file, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(sha256))!);
        File.Move(file, PathOf(sha256), overwrite: true);
        return Task.CompletedTask;
    }

    public Task<string?> FindFileAsync(string sha256, CancellationToken cancellationToken) =>
        Task.FromResult(File.Exists(PathOf(sha256)) ? PathOf(sha256) : null);

    public Task DeleteAsync(string sha256, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(sha256));
        }
        catch (DirectoryNotFoundException)
        {
            // There never were such bytes.
        }
        return Task.CompletedTask;
    }

    // Subfolders of a few hundred files each stay quick to list.
    string PathOf(string sha256) => Path.Combine(root, sha256[..2], sha256);
}
