using System.IO.Compression;

namespace RetrainLoop.Labeling.Datasets.Import;

/// <summary>A file in the archive, by its path below the dataset's top folder, with forward slashes.</summary>
public sealed record ArchiveFile(string Path, ZipArchiveEntry Entry)
{
    static readonly string[] PictureEndings = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
    public string Folder => Path[..Math.Max(Path.LastIndexOf('/'), 0)];
    public bool IsPicture => PictureEndings.Contains(System.IO.Path.GetExtension(Path).ToLowerInvariant());
}

/// <summary>An uploaded zip whose entries have harmless names and bounded sizes. Nothing is ever unpacked to a path.</summary>
public sealed class Archive(IReadOnlyList<ArchiveFile> files, ImportOptions limits)
{
    const int UnixLink = 0xA000, UnixTypeMask = 0xF000;

    public IReadOnlyList<ArchiveFile> Files => files;

    public static Archive Open(ZipArchive zip, ImportOptions limits, Findings findings)
    {
        if (zip.Entries.Count > limits.MaximumFiles)
            findings.Add("the archive", null, $"has {zip.Entries.Count} entries; at most {limits.MaximumFiles} are taken");
        var expanded = zip.Entries.Sum(entry => entry.Length);
        if (expanded > limits.MaximumExpandedBytes)
            findings.Add("the archive", null, $"expands to {expanded} bytes; at most {limits.MaximumExpandedBytes} are taken");
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var entries = zip.Entries.Where(entry => !entry.FullName.EndsWith('/') && !IsClutter(entry.FullName)).ToList();
        foreach (var entry in entries)
            if (ProblemOf(entry, limits) is { } problem) findings.Add(entry.FullName, null, problem);
            else if (!seen.Add(entry.FullName)) findings.Add(entry.FullName, null, "appears twice");
        var top = TopFolder(entries.Select(entry => entry.FullName).ToList());
        return new Archive([.. entries.Select(entry => new ArchiveFile(entry.FullName[top.Length..], entry))], limits);
    }

    /// <summary>All bytes of a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or larger than the archive declares.</exception>
    public async Task<byte[]> ReadAsync(ArchiveFile file, CancellationToken cancellationToken)
    {
        var bytes = new byte[Math.Min(file.Entry.Length, limits.MaximumFileBytes)];
        await using var stream = await file.Entry.OpenAsync(cancellationToken);
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (read < bytes.Length || await stream.ReadAsync(new byte[1], cancellationToken) > 0)
            throw new InvalidDataException("has another size than the archive declares");
        return bytes;
    }

    static string? ProblemOf(ZipArchiveEntry entry, ImportOptions limits) =>
        HasPathTrick(entry.FullName) ? "has a path that points outside of the archive"
        : (entry.ExternalAttributes >> 16 & UnixTypeMask) == UnixLink ? "is a link; only plain files are taken"
        : entry.Length > limits.MaximumFileBytes ? $"expands to {entry.Length} bytes; at most {limits.MaximumFileBytes} are taken"
        : entry.Length > 1 << 20 && entry.Length > limits.MaximumRatio * Math.Max(entry.CompressedLength, 1)
            ? "is compressed so strongly that it must be a decompression bomb"
        : entry.IsEncrypted ? "is encrypted"
        : null;

    static bool HasPathTrick(string name) =>
        name.StartsWith('/') || name.Contains('\\') || name.Contains(':') || name.Contains('\0') || name.Split('/').Any(part => part is ".." or "." or "");

    static bool IsClutter(string name) =>
        name.StartsWith("__MACOSX/", StringComparison.Ordinal) || name.EndsWith(".DS_Store", StringComparison.Ordinal)
        || name.EndsWith("Thumbs.db", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Archives are often made of a folder instead of its content: the one folder that all files are in, unless it is part of the layout.
    /// </summary>
    static string TopFolder(List<string> names)
    {
        if (names.Count == 0 || names[0].IndexOf('/') is var slash && slash < 0) return "";
        var folder = names[0][..(names[0].IndexOf('/') + 1)];
        var isLayout = folder is "images/" or "train/" or "val/" or "valid/" or "test/";
        return isLayout || !names.All(name => name.StartsWith(folder, StringComparison.Ordinal)) ? "" : folder;
    }
}
