using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace RetrainLoop.Tests.Labeling.Datasets;

/// <summary>Makes archives to import.</summary>
static class Zip
{
    public static byte[] Of(params (string Name, byte[] Bytes)[] files)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        return memory.ToArray();
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A folder's files, under their paths below it, that the filter lets through.</summary>
    public static byte[] OfFolder(string folder, Func<string, bool> filter) => Of([.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => (Name: Path.GetRelativePath(folder, path), Path: path)).Where(file => filter(file.Name)).Select(file => (file.Name, File.ReadAllBytes(file.Path)))]);

    public static ByteArrayContent Content(byte[] zip) => new(zip) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
}
