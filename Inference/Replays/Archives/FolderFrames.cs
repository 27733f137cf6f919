namespace RetrainLoop.Inference.Replays.Archives;

/// <summary>The frames of a folder on this machine, below the one that is allowed. Links are not followed.</summary>
sealed class FolderFrames(string root, IReadOnlyList<ArchiveFile> files) : FrameArchive
{
    static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device };

    public override IReadOnlyList<ArchiveFile> Files => files;

    public override long? LengthOf(string path) => new FileInfo(Path.Combine(root, path)) is { Exists: true } file ? file.Length : null;

    /// <summary>The folder that a request means; null when none is allowed, it lies outside, or is not there.</summary>
    public static string? Find(string allowed, string folder)
    {
        if (allowed.Length == 0 || folder.Contains('\0')) return null;
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(allowed));
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(root, folder)));
        if (full != root && !full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return null;
        for (var part = new DirectoryInfo(full); part.FullName != root; part = part.Parent!)
            if (!part.Exists || part.LinkTarget is not null) return null;
        return Directory.Exists(full) ? full : null;
    }

    public static FolderFrames Open(string folder, ReplayOptions limits, Findings findings)
    {
        var files = new DirectoryInfo(folder).EnumerateFiles("*", All)
            .Select(file => new ArchiveFile(Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length))
            .Where(file => !IsClutter(file.Path)).ToList();
        Check(files, limits, findings);
        return new FolderFrames(folder, files);
    }

    protected override Task<Stream?> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var full = new FileInfo(Path.Combine(root, path));
        return Task.FromResult<Stream?>(full.Exists && full.LinkTarget is null ? full.OpenRead() : null);
    }
}
