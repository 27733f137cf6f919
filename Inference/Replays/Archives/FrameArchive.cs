using System.Globalization;

namespace RetrainLoop.Inference.Replays.Archives;

/// <summary>A file of an archive.</summary>
/// <param name="Path">Inside the archive, with forward slashes.</param>
/// <param name="Length">Bytes, expanded, as the archive declares them.</param>
readonly record struct ArchiveFile(string Path, long Length)
{
    static readonly string[] PictureEndings = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    public bool IsPicture => PictureEndings.Contains(System.IO.Path.GetExtension(Path).ToLowerInvariant());
}

/// <summary>Where the frames of a replay lie: a zip, or a folder of this machine. Nothing is ever unpacked to a path.</summary>
abstract class FrameArchive : IAsyncDisposable
{
    readonly SemaphoreSlim reading = new(1); // a zip is one stream

    /// <summary>Its plain files, without clutter of operating systems.</summary>
    public abstract IReadOnlyList<ArchiveFile> Files { get; }

    /// <summary>Declared size of a file; null when there is none.</summary>
    public abstract long? LengthOf(string path);

    protected abstract Task<Stream?> OpenAsync(string path, CancellationToken cancellationToken);

    /// <summary>The first bytes of a file, at most <paramref name="most"/>; null when there is no such file.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged there.</exception>
    public async Task<Memory<byte>?> ReadAsync(string path, byte[] buffer, int most, CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            await using var stream = await OpenAsync(path, cancellationToken);
            return stream is null ? null
                : buffer.AsMemory(0, await stream.ReadAtLeastAsync(buffer.AsMemory(0, most), most, throwOnEndOfStream: false, cancellationToken));
        }
        finally
        {
            reading.Release();
        }
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        reading.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Adds what is wrong with the archive as a whole.</summary>
    protected static void Check(IReadOnlyList<ArchiveFile> files, ReplayOptions limits, Findings findings)
    {
        if (files.Count > limits.MaximumFiles) findings.Add("the archive", null, $"has {files.Count} files; at most {limits.MaximumFiles} are taken");
        var expanded = files.Sum(file => (double)file.Length); // what a hostile archive declares may overflow
        if (expanded > limits.MaximumExpandedBytes)
            findings.Add("the archive", null, string.Create(CultureInfo.InvariantCulture,
                $"expands to {expanded / 1_000_000:0} MB; at most {limits.MaximumExpandedMegabytes} MB are taken"));
        foreach (var file in files.Where(file => file.Length > limits.MaximumFileBytes))
            findings.Add(file.Path, null, $"expands to {file.Length} bytes; at most {limits.MaximumFileMegabytes} MB are taken");
    }

    /// <summary>Files that operating systems and tools leave in archives.</summary>
    protected static bool IsClutter(string path) =>
        path.StartsWith("__MACOSX/", StringComparison.Ordinal) || path.Split('/').Any(part => part.StartsWith('.') && part is not ("." or ".."));
}
