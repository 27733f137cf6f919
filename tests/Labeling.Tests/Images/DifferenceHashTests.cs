using System.Text.Json;
using RetrainLoop.Labeling.Images;
using RetrainLoop.Labeling.Samples;
using SkiaSharp;

namespace RetrainLoop.Tests.Labeling.Images;

public sealed class DifferenceHashTests
{
    static readonly int Threshold = new SampleOptions().DuplicateDistance;

    [Fact]
    public void Of_RealFramesOfAFixedCamera_TellsReencodedOnesFromThoseASecondLater()
    {
        var frames = Directory.GetFiles(GoldenFolder.Shared("datasets", "pets09_s2l1", "images", "train")).Order().Select(File.ReadAllBytes).ToList();
        var hashes = frames.Select(HashOf).ToList();
        var reencoded = frames.Zip(hashes, (frame, hash) => Distance(hash, HashOf(Reencode(frame)))).Count(distance => distance <= Threshold);
        var secondLater = hashes.Zip(hashes.Skip(1), Distance).Count(distance => distance <= Threshold);
        Assert.True(reencoded >= 0.95 * frames.Count, $"{reencoded} of {frames.Count} re-encoded frames are found");
        Assert.True(secondLater <= 0.05 * frames.Count, $"{secondLater} of {frames.Count} frames a second later are taken for doubles");
    }

    [Fact]
    public void Read_TruncatedOrForeignBytes_SaysWhy()
    {
        var picture = Pictures.Jpeg(1);
        Assert.Equal("is truncated", Picture.Read(picture[..(picture.Length / 2)]).Problem);
        Assert.Contains("format", Picture.Read("<svg/>"u8.ToArray()).Problem, StringComparison.Ordinal);
        Assert.Contains("format", Picture.Read([]).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_GoldenPictures_AcceptsAndRefusesAsTheManifestSays()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(GoldenFolder.Shared("images", "manifest.json")));
        var wrong = new List<string>();
        foreach (var file in manifest.RootElement.GetProperty("files").EnumerateArray())
        {
            var name = file.GetProperty("file").GetString()!;
            var (picture, problem) = Picture.Read(File.ReadAllBytes(GoldenFolder.Shared("images", name)));
            var action = file.TryGetProperty("alternative", out _) ? "accept_or_reject" : file.GetProperty("action").GetString();
            var size = file.TryGetProperty("decoded_width", out var width) ? (width.GetInt32(), file.GetProperty("decoded_height").GetInt32()) : default;
            if (action == "accept" && picture is null) wrong.Add($"{name} {problem}");
            if (action == "reject" && picture is not null) wrong.Add($"{name} is accepted");
            if (action == "accept" && picture is not null && (picture.Width, picture.Height) != size) wrong.Add($"{name} has {picture.Width} x {picture.Height}");
        }
        Assert.Empty(wrong);
    }

    static string HashOf(byte[] bytes) => Picture.Read(bytes).Picture!.DifferenceHash;

    static int Distance(string a, string b) => a.Zip(b).Count(pair => pair.First != pair.Second);

    static byte[] Reencode(byte[] bytes)
    {
        using var bitmap = SKBitmap.Decode(bytes);
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 60);
        return data.ToArray();
    }
}
