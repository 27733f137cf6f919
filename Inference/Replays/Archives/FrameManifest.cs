using System.Globalization;
using System.Text;
using RetrainLoop.Inference.Deployments;

namespace RetrainLoop.Inference.Replays.Archives;

/// <summary>A frame of a replay. Region and camera are bounded as those of live callers are.</summary>
sealed record ManifestFrame(string File, string Region, string Camera, DateTimeOffset CapturedAt);

/// <summary>All frames of an archive in the order in which they were taken.</summary>
/// <param name="Ignored">Files that are no pictures.</param>
sealed record FrameManifest(IReadOnlyList<ManifestFrame> Frames, int Ignored)
{
    static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads times and places by frames.csv where there is one, else by names, else by EXIF. What is wrong goes to the findings.</summary>
    /// <param name="now">No frame can be taken later.</param>
    public static async Task<FrameManifest> ReadAsync(
        FrameArchive archive, DeploymentInfo deployment, int maxCameras, DateTimeOffset now, Findings findings, CancellationToken cancellationToken)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(deployment.Zone);
        var pictures = archive.Files.Where(file => file.IsPicture).ToList();
        var list = archive.Files.Where(file => Path.GetFileName(file.Path).Equals(FrameList.FileName, StringComparison.OrdinalIgnoreCase))
            .OrderBy(file => file.Path.Count(character => character == '/')).Select(file => file.Path).FirstOrDefault();
        if (pictures.Count == 0) findings.Add("the archive", null, "holds no picture (.jpg, .jpeg, .png, .webp, .bmp or .gif)");
        var taken = list is null
            ? await ByNameAsync(archive, pictures, deployment, zone, findings, cancellationToken)
            : await ByListAsync(archive, list, pictures, zone, findings, cancellationToken);
        foreach (var frame in taken)
            if (frame.At > now) findings.Add(frame.File, null, Text($"was taken at {frame.At:yyyy-MM-dd HH:mm:ss}Z, which lies in the future"));
            else if (frame.At < Earliest) findings.Add(frame.File, null, Text($"was taken at {frame.At:yyyy-MM-dd}, before there were such cameras"));
        var names = new SeriesNames(maxCameras);
        return new FrameManifest(
            [.. taken.OrderBy(frame => frame.At).ThenBy(frame => frame.File, StringComparer.Ordinal)
                .Select(frame => new ManifestFrame(frame.File, names.Region(frame.Region, deployment.Regions), names.Camera(frame.Camera), frame.At))],
            archive.Files.Count - pictures.Count - (list is null ? 0 : 1));
    }

    static async Task<List<(string File, string? Region, string? Camera, DateTimeOffset At)>> ByNameAsync(
        FrameArchive archive, List<ArchiveFile> pictures, DeploymentInfo deployment, TimeZoneInfo zone, Findings findings,
        CancellationToken cancellationToken)
    {
        var named = pictures.Select(picture => (picture.Path, Name: FrameName.Of(picture.Path, zone))).ToList();
        var skipped = HasTopFolder([.. named.Select(file => file.Name.Folders)], deployment.Regions) ? 1 : 0;
        var taken = new List<(string, string?, string?, DateTimeOffset)>();
        var buffer = new byte[ExifTime.Reach];
        foreach (var (path, name) in named)
        {
            var (at, problem) = (name.At, name.Problem);
            if (at is null && problem is null) (at, problem) = await ExifAsync(archive, path, buffer, zone, cancellationToken);
            if (at is null) findings.Add(path, null, problem
                ?? "says no time in its name or EXIF; name it like camera/2026-10-01T12-00-00Z.jpg, or list it in frames.csv");
            else
            {
                var (region, camera) = (name with { Folders = [.. name.Folders.Skip(skipped)] }).Place();
                taken.Add((path, region, camera, at.Value));
            }
        }
        return taken;
    }

    static async Task<List<(string File, string? Region, string? Camera, DateTimeOffset At)>> ByListAsync(
        FrameArchive archive, string list, List<ArchiveFile> pictures, TimeZoneInfo zone, Findings findings, CancellationToken cancellationToken)
    {
        var buffer = new byte[archive.LengthOf(list)!.Value];
        var text = Encoding.UTF8.GetString((await archive.ReadAsync(list, buffer, buffer.Length, cancellationToken))!.Value.Span).TrimStart('\uFEFF');
        var folder = list[..^FrameList.FileName.Length];
        var left = pictures.Select(picture => picture.Path).ToHashSet(StringComparer.Ordinal);
        var known = left.ToHashSet(StringComparer.Ordinal);
        var taken = new List<(string, string?, string?, DateTimeOffset)>();
        foreach (var frame in FrameList.Parse(text, list, zone, findings))
            if (left.Remove(folder + frame.File)) taken.Add((folder + frame.File, frame.Region, frame.Camera, frame.CapturedAt));
            else findings.Add(list, frame.Line, known.Contains(folder + frame.File) ? $"lists {frame.File} a second time"
                : $"lists {frame.File}, which is no picture of the archive");
        foreach (var missing in left.Order(StringComparer.Ordinal)) findings.Add(missing, null, $"is not listed in {list}");
        return taken;
    }

    static async Task<(DateTimeOffset? At, string? Problem)> ExifAsync(
        FrameArchive archive, string path, byte[] buffer, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        try
        {
            var start = await archive.ReadAsync(path, buffer, ExifTime.Reach, cancellationToken);
            return start is { } bytes ? ExifTime.Of(bytes.Span, zone) : (null, null);
        }
        catch (InvalidDataException exception)
        {
            return (null, $"is damaged: {exception.Message}");
        }
    }

    /// <summary>Whether every frame lies in one folder that only wraps the archive: it holds folders with the frames, and is no region.</summary>
    static bool HasTopFolder(IReadOnlyList<IReadOnlyList<string>> folders, IReadOnlyList<Region> regions) =>
        folders.Count > 0 && folders.All(path => path.Count >= 2 && path[0] == folders[0][0])
        && !regions.Any(region => region.Name.Equals(folders[0][0], StringComparison.OrdinalIgnoreCase));

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
