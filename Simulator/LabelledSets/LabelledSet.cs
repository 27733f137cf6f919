using System.Globalization;
using System.IO.Compression;
using System.Text;
using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Simulator.LabelledSets;

/// <summary>Frames with labels in the layout that YOLO trainers read: <c>images/train|val</c>, <c>labels/train|val</c>, <c>data.yaml</c>.</summary>
public static class LabelledSet
{
    /// <summary>The frames of a set. Training and validation frames come from seeds of their own, so that they never meet.</summary>
    public static IEnumerable<(string Split, FrameId Frame)> Frames(LabelledSetRequest request)
    {
        var validation = (int)Math.Round(request.Count * request.ValidationShare);
        var drift = (request.Drift ?? Drift.None).Rounded();
        for (var i = 0; i < request.Count; i++)
        {
            var (split, number) = i < request.Count - validation ? ("train", i) : ("val", i - (request.Count - validation));
            var camera = LineCamera.All[number % LineCamera.All.Count].Name;
            yield return (split, new FrameId(camera, 2 * request.Seed + (split == "val" ? 1 : 0), number, drift));
        }
    }

    /// <summary>The files of a set: path relative to its root, with forward slashes, and content. Rendered as they are asked for.</summary>
    public static IEnumerable<(string Path, byte[] Content)> Files(LabelledSetRequest request)
    {
        yield return ("data.yaml", Encoding.UTF8.GetBytes(DataYaml()));
        foreach (var (split, frame) in Frames(request))
        {
            var scene = Scene.Of(frame);
            yield return ($"images/{split}/{frame}.jpg", FrameRenderer.Jpeg(scene));
            yield return ($"labels/{split}/{frame}.txt", Encoding.UTF8.GetBytes(Labels(Truth.Of(scene))));
        }
    }

    /// <summary>Writes a set as a zip; nothing is written ahead of what <paramref name="output"/> takes.</summary>
    public static async Task WriteZipAsync(LabelledSetRequest request, Stream output, CancellationToken cancellation)
    {
        var zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, null, cancellation);
        await using (zip)
            foreach (var (path, content) in Files(request))
            {
                // A fixed time keeps the bytes equal from one call to the next; JPEG does not compress further.
                var entry = zip.CreateEntry(path, path.EndsWith(".jpg", StringComparison.Ordinal) ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
                entry.LastWriteTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
                await using var target = await entry.OpenAsync(cancellation);
                await target.WriteAsync(content, cancellation);
            }
    }

    /// <summary>Writes a set into a folder, which is made when it does not exist.</summary>
    public static async Task WriteFolderAsync(LabelledSetRequest request, string folder, CancellationToken cancellation)
    {
        foreach (var (path, content) in Files(request))
        {
            var target = Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllBytesAsync(target, content, cancellation);
        }
    }

    static string DataYaml()
    {
        var yaml = new StringBuilder("path: .\ntrain: images/train\nval: images/val\nnames:\n");
        foreach (var (index, name) in Part.ClassNames.Index()) yaml.Append(CultureInfo.InvariantCulture, $"  {index}: {name}\n");
        return yaml.ToString();
    }

    /// <summary>One line per box: class, centre x, centre y, width, height; all but the class relative to the image.</summary>
    static string Labels(Truth truth)
    {
        var lines = new StringBuilder();
        foreach (var box in truth.Boxes)
        {
            var (centreX, centreY) = ((box.X + box.Width / 2) / truth.Width, (box.Y + box.Height / 2) / truth.Height);
            var (width, height) = (box.Width / truth.Width, box.Height / truth.Height);
            lines.Append(CultureInfo.InvariantCulture, $"{box.Class} {centreX:F6} {centreY:F6} {width:F6} {height:F6}\n");
        }
        return lines.ToString();
    }
}
