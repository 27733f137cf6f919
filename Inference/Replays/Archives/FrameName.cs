using System.Text.RegularExpressions;

namespace RetrainLoop.Inference.Replays.Archives;

/// <summary>What a frame's path says about it.</summary>
/// <param name="At">When it was taken; null when the path does not say, or says it in a way that <paramref name="Problem"/> names.</param>
/// <param name="Folders">Its folders, without those that are dates.</param>
/// <param name="Prefix">What stands before the time in the file's name; null when nothing does.</param>
sealed partial record FrameName(DateTimeOffset? At, string? Problem, IReadOnlyList<string> Folders, string? Prefix)
{
    /// <param name="path">Below the archive's top, with forward slashes.</param>
    /// <param name="zone">Of times that name none.</param>
    public static FrameName Of(string path, TimeZoneInfo zone)
    {
        var folders = path.Split('/')[..^1];
        var name = Path.GetFileNameWithoutExtension(path);
        var found = FrameTimes.In(name, zone);
        if (found.Count > 0) return OfFile(found, folders, name);
        // A folder for the date and a file for the time, or folders for year, month and day.
        var whole = path[..(path.Length - Path.GetExtension(path).Length)];
        return FrameTimes.In(whole, zone) is [var across] && across.Start + across.Length > whole.LastIndexOf('/')
            ? new FrameName(across.At, across.Problem, whole[..across.Start].Split('/')[..^1], null)
            : new FrameName(null, null, folders, null);
    }

    /// <summary>
    /// The region and camera of a frame: of two folders or more the first is the region and the last the camera, a single one is the camera, and
    /// without any the camera is what stands before the time in the file's name.
    /// </summary>
    public (string? Region, string? Camera) Place() => Folders.Count switch
    {
        0 => (null, Prefix),
        1 => (null, Folders[0]),
        _ => (Folders[0], Folders[^1]),
    };

    static FrameName OfFile(IReadOnlyList<FoundTime> found, string[] folders, string name)
    {
        var problem = found.Select(time => time.At).Distinct().Count() > 1 ? "names more than one time: list it in frames.csv" : found[0].Problem;
        var prefix = name[..found[0].Start].TrimEnd('_', '-', '.', ' ', '@');
        return new FrameName(problem is null ? found[0].At : null, problem, [.. folders.Where(folder => !Date().IsMatch(folder))],
            prefix.Length == 0 ? null : prefix);
    }

    [GeneratedRegex(@"^(?:19|20)\d\d([-_.]?)\d\d\1\d\d$")]
    private static partial Regex Date();
}
