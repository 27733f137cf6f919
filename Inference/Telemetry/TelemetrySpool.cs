using System.Globalization;

namespace RetrainLoop.Inference.Telemetry;

/// <summary>
/// Batches on disk that Monitor has not acknowledged, in order. Each boot has a folder of its own, held by a lock file; folders that a dead process
/// left behind are taken over and come first. Bounded: the oldest batch goes when there is no more room.
/// </summary>
sealed class TelemetrySpool : IDisposable
{
    const string Extension = ".batch", EarlierExtension = ".json.gz";
    const int MostFailedReads = 10;
    readonly string root, own;
    readonly long maxBytes;
    readonly FileStream ownLock;
    readonly List<FileStream> adopted = [];
    readonly Queue<(string Path, long Length)> waiting = new();
    long bytes;
    int failedReads;

    /// <param name="bootedAt">Orders this boot behind earlier ones.</param>
    public TelemetrySpool(string root, Guid boot, DateTimeOffset bootedAt, long maxBytes)
    {
        this.root = root;
        this.maxBytes = maxBytes;
        own = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{bootedAt.ToUnixTimeMilliseconds():D15}-{boot:N}"));
        Directory.CreateDirectory(root);
        Adopt();
        Directory.CreateDirectory(own);
        ownLock = TryLock(own) ?? throw new IOException($"The spool folder {own} is in use.");
    }

    public bool IsEmpty => waiting.Count == 0;

    /// <summary>Adds a batch behind all others.</summary>
    /// <returns>How many old batches had to go for it.</returns>
    public async Task<int> AddAsync(long sequence, ReadOnlyMemory<byte> batch, CancellationToken cancellationToken)
    {
        var path = Path.Combine(own, sequence.ToString("D12", CultureInfo.InvariantCulture) + Extension);
        await using (var part = File.Create(path + ".part"))
        {
            await part.WriteAsync(batch, cancellationToken);
            part.Flush(flushToDisk: true); // else a power cut can leave the name without its bytes
        }
        File.Move(path + ".part", path, overwrite: true);
        Enlist(path);
        var dropped = 0;
        for (; bytes > maxBytes && waiting.Count > 1; dropped++) RemoveOldest();
        return dropped;
    }

    /// <summary>The oldest batch, or null when its file is gone, empty or again and again unreadable. There must be one.</summary>
    /// <exception cref="IOException">It cannot be read this time.</exception>
    public async Task<byte[]?> OldestAsync(CancellationToken cancellationToken)
    {
        try
        {
            var batch = await File.ReadAllBytesAsync(waiting.Peek().Path, cancellationToken);
            failedReads = 0;
            return batch.Length > 0 ? batch : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException
            || exception is IOException or UnauthorizedAccessException && ++failedReads >= MostFailedReads)
        {
            failedReads = 0;
            return null;
        }
    }

    public void RemoveOldest()
    {
        var (path, length) = waiting.Dequeue();
        bytes -= length;
        if (File.Exists(path)) File.Delete(path);
    }

    public void Dispose()
    {
        foreach (var held in adopted.Append(ownLock))
        {
            held.Dispose(); // deletes the lock file
            var folder = Path.GetDirectoryName(held.Name)!;
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        }
    }

    void Adopt()
    {
        foreach (var folder in Directory.GetDirectories(root).Order(StringComparer.Ordinal))
        {
            if (TryLock(folder) is not { } held) continue;
            adopted.Add(held);
            foreach (var part in Directory.GetFiles(folder, "*.part")) File.Delete(part); // its process was killed while it wrote
            foreach (var path in Directory.GetFiles(folder).Where(IsBatch).Order(StringComparer.Ordinal)) Enlist(path);
        }
    }

    static bool IsBatch(string path) => Path.GetFileName(path).EndsWith(Extension, StringComparison.Ordinal) || path.EndsWith(EarlierExtension, StringComparison.Ordinal);

    void Enlist(string path)
    {
        var length = new FileInfo(path).Length;
        waiting.Enqueue((path, length));
        bytes += length;
    }

    static FileStream? TryLock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
