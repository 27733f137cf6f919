using System.IO.Compression;

namespace RetrainLoop.Inference.Replays.Archives;

/// <summary>The frames of an uploaded zip.</summary>
sealed class ZipFrames : FrameArchive
{
    const int UnixLink = 0xA000, UnixTypeMask = 0xF000;
    readonly ZipArchive zip;
    readonly Dictionary<string, ZipArchiveEntry> entries = [];
    IReadOnlyList<ArchiveFile> files = [];

    ZipFrames(ZipArchive zip) => this.zip = zip;

    public override IReadOnlyList<ArchiveFile> Files => files;

    public override long? LengthOf(string path) => entries.TryGetValue(path, out var entry) ? entry.Length : null;

    /// <param name="stream">The zip; closed with the archive.</param>
    /// <param name="findings">Gets the entries with path tricks, links, doubles, and what is too large.</param>
    /// <exception cref="InvalidDataException">It is no zip that can be read.</exception>
    public static async Task<ZipFrames> OpenAsync(Stream stream, ReplayOptions limits, Findings findings, CancellationToken cancellationToken)
    {
        var archive = new ZipFrames(await ZipArchive.CreateAsync(stream, ZipArchiveMode.Read, leaveOpen: false, entryNameEncoding: null, cancellationToken));
        foreach (var entry in archive.zip.Entries)
        {
            var path = entry.FullName.Replace('\\', '/');
            if (path.EndsWith('/') || IsClutter(path)) continue;
            if (HasPathTrick(path)) findings.Add(entry.FullName, null, "has a path that points outside of the archive");
            else if ((entry.ExternalAttributes >> 16 & UnixTypeMask) == UnixLink) findings.Add(path, null, "is a link; only plain files are taken");
            else if (entry.IsEncrypted) findings.Add(path, null, "is encrypted; send the archive without a password");
            else if (!archive.entries.TryAdd(path, entry)) findings.Add(path, null, "appears twice");
        }
        archive.files = [.. archive.entries.Select(pair => new ArchiveFile(pair.Key, pair.Value.Length))];
        Check(archive.files, limits, findings);
        return archive;
    }

    protected override async Task<Stream?> OpenAsync(string path, CancellationToken cancellationToken) =>
        entries.TryGetValue(path, out var entry) ? await entry.OpenAsync(cancellationToken) : null;

    public override async ValueTask DisposeAsync()
    {
        await zip.DisposeAsync();
        await base.DisposeAsync();
    }

    static bool HasPathTrick(string path) => path.StartsWith('/') || path.Contains('\0') || path.Split('/').Any(part => part is ".." or "." or "")
        || path is [_, ':', ..];
}
