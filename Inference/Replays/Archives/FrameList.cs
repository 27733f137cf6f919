using System.Globalization;
using System.Text;

namespace RetrainLoop.Inference.Replays.Archives;

/// <summary>A line of <c>frames.csv</c>: a frame's file relative to the list, where it was taken and when.</summary>
readonly record struct ListedFrame(int Line, string File, string? Region, string? Camera, DateTimeOffset CapturedAt);

/// <summary>
/// The list that may come with an archive: comma-separated with a header that names <c>file</c> and <c>captured_at</c>, and where known
/// <c>camera</c> and <c>region</c>, in any order; quoted as RFC 4180 has it, but one frame a line. Pure.
/// </summary>
static class FrameList
{
    public const string FileName = "frames.csv";
    const string File = "file", Camera = "camera", Region = "region", CapturedAt = "captured_at";

    public static IReadOnlyList<ListedFrame> Parse(string text, string name, TimeZoneInfo zone, Findings findings)
    {
        var frames = new List<ListedFrame>();
        Dictionary<string, int>? columns = null;
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsWhiteSpace()) continue;
            if (Fields(line) is not { } fields) findings.Add(name, number, "has a quote that is not closed");
            else if (columns is null)
            {
                columns = Header(fields);
                if (!columns.ContainsKey(File) || !columns.ContainsKey(CapturedAt))
                {
                    findings.Add(name, number, $"is not the header: it names the columns {File} and {CapturedAt}, and may name {Camera} and {Region}");
                    return [];
                }
            }
            else if (Frame(fields, columns, number, zone, out var frame) is { } problem) findings.Add(name, number, problem);
            else frames.Add(frame);
        }
        if (columns is null) findings.Add(name, null, "is empty");
        return frames;
    }

    static Dictionary<string, int> Header(List<string> fields)
    {
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < fields.Count; i++) columns.TryAdd(fields[i].Trim(), i);
        return columns;
    }

    static string? Frame(List<string> fields, Dictionary<string, int> columns, int line, TimeZoneInfo zone, out ListedFrame frame)
    {
        frame = default;
        string? Field(string column) =>
            columns.TryGetValue(column, out var at) && at < fields.Count && fields[at].Trim() is { Length: > 0 } value ? value : null;
        if (Field(File) is not { } file) return "names no file";
        if (Field(CapturedAt) is not { } text) return "says no time in captured_at";
        if (FrameTimes.Exactly(text, zone) is not { } time)
            return string.Create(CultureInfo.InvariantCulture, $"'{text}' is no time; write for example 2026-10-01T12:00:00Z, or Unix milliseconds");
        if (time.At is not { } at) return time.Problem;
        frame = new ListedFrame(line, file.Replace('\\', '/'), Field(Region), Field(Camera), at);
        return null;
    }

    /// <summary>The fields of a line; null when a quote stays open.</summary>
    static List<string>? Fields(ReadOnlySpan<char> line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (quoted && line[i] == '"' && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else field.Append(line[i]);
        }
        if (quoted) return null;
        fields.Add(field.ToString());
        return fields;
    }
}
