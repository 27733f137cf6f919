using System.IO.Compression;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>
/// Matches as compact bytes, kept beside an evaluation so that it can be compared with a later one image by image. Only what mAP over all sizes needs:
/// per class the detections in falling order of score with their outcomes at the ten IoU thresholds, and the objects of each image.
/// </summary>
static class MatchArchive
{
    const byte Version = 1;

    public static byte[] Write(CocoMatches matches)
    {
        using var buffer = new MemoryStream();
        using (var writer = new BinaryWriter(new GZipStream(buffer, CompressionLevel.Fastest)))
        {
            writer.Write(Version);
            writer.Write7BitEncodedInt(matches.Keys.Count);
            foreach (var key in matches.Keys) writer.Write(key);
            writer.Write7BitEncodedInt(matches.Categories.Count);
            foreach (var category in matches.Categories) Write(writer, category);
        }
        return buffer.ToArray();
    }

    /// <exception cref="InvalidDataException">Another version wrote them.</exception>
    public static CocoMatches Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
        if (reader.ReadByte() is var version && version != Version) throw new InvalidDataException($"Matches of version {version} cannot be read.");
        string[] keys = [.. Enumerable.Range(0, reader.Read7BitEncodedInt()).Select(_ => reader.ReadString())];
        CategoryMatches[] categories = [.. Enumerable.Range(0, reader.Read7BitEncodedInt()).Select(_ => Read(reader, keys.Length))];
        return new CocoMatches
        {
            Keys = keys, Categories = categories, Objects = (int)categories.Sum(category => category.Positives(CocoProtocol.All)),
            Detections = categories.Sum(category => category.Detections),
        };
    }

    static void Write(BinaryWriter writer, CategoryMatches category)
    {
        writer.Write(category.CategoryId);
        writer.Write(category.Name);
        foreach (var objects in category.Objects[CocoProtocol.All]) writer.Write7BitEncodedInt(objects);
        writer.Write7BitEncodedInt(category.Detections);
        foreach (var image in category.Image) writer.Write7BitEncodedInt(image);
        foreach (var outcome in category.Outcomes[CocoProtocol.All]) writer.Write((byte)outcome);
    }

    static CategoryMatches Read(BinaryReader reader, int images)
    {
        var (id, name) = (reader.ReadInt32(), reader.ReadString());
        int[] objects = [.. Enumerable.Range(0, images).Select(_ => reader.Read7BitEncodedInt())];
        var detections = reader.Read7BitEncodedInt();
        int[] image = [.. Enumerable.Range(0, detections).Select(_ => reader.Read7BitEncodedInt())];
        MatchOutcome[] outcomes = [.. reader.ReadBytes(detections * CocoProtocol.IouThresholds.Length).Select(value => (MatchOutcome)value)];
        return new CategoryMatches(id, name, image, new double[detections], new byte[detections], [outcomes], [objects]);
    }
}
