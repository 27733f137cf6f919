using System.IO.Compression;

namespace RetrainLoop.Tests.Inference.Replays;

/// <summary>Zips of old frames, harmless and hostile.</summary>
static class FrameZip
{
    public static byte[] Of(params IEnumerable<(string Name, byte[] Bytes)> files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
                entry.LastWriteTime = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero); // the same frames give the same bytes
                using var stream = entry.Open();
                stream.Write(content);
            }
        return bytes.ToArray();
    }

    public static byte[] Of(params IEnumerable<string> names) => Of(names.Select(name => (name, TestImage.Gray(51))));

    /// <summary>One frame a minute of one camera from the first of October on.</summary>
    public static byte[] Minutes(int count, Func<int, byte[]>? frame = null) => Of(Enumerable.Range(0, count).Select(minute =>
        ($"cam-1/{new DateTime(2026, 10, 1).AddMinutes(minute):yyyyMMdd_HHmmss}.png", frame?.Invoke(minute) ?? TestImage.Gray(51))));
}
