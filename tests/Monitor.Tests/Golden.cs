using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace RetrainLoop.Tests.Monitor;

/// <summary>Reads reference cases.</summary>
static class Golden
{
    /// <summary>The committed copy when the clone has one, else the shared set, else the test is skipped.</summary>
    public static string Find(params string[] parts)
    {
        var committed = GoldenFolder.Committed(parts);
        return Path.Exists(committed) ? committed : Path.Exists(committed + ".gz") ? committed + ".gz" : GoldenFolder.Shared(parts);
    }

    public static JsonElement Json(string path) => Read<JsonElement>(path);

    public static T Read<T>(string path)
    {
        using Stream file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        return JsonSerializer.Deserialize<T>(stream, ContractJson.Options)!;
    }

    /// <summary>Whether the file that a case names is at hand; the largest ones are only in the shared set.</summary>
    public static bool HasFiles(JsonElement test, string folder) => !test.TryGetProperty("a_file", out var file)
        || GoldenFolder.HasShared || Path.Exists(GoldenFolder.Committed(folder, "bin", Path.GetFileName(file.GetString()!)));

    /// <summary>Values given inline as <paramref name="name"/>, or in the file that <c>{name}_file</c> names beside the cases.</summary>
    public static double[] Values(JsonElement test, string name, string folder, string fileMember)
    {
        if (test.TryGetProperty(name, out var inline)) return [.. inline.EnumerateArray().Select(value => value.GetDouble())];
        var bytes = File.ReadAllBytes(Find(folder, "bin", Path.GetFileName(test.GetProperty(fileMember).GetString()!)));
        return test.GetProperty(fileMember).GetString()!.EndsWith(".f32", StringComparison.Ordinal)
            ? [.. MemoryMarshal.Cast<byte, float>(bytes).ToArray().Select(value => (double)value)]
            : MemoryMarshal.Cast<byte, double>(bytes).ToArray();
    }

    public static double? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
