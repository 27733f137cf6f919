using System.Text.Json;
using CsCheck;
using RetrainLoop.Inference.Images;
using SkiaSharp;

namespace RetrainLoop.Tests.Inference.Images;

public sealed unsafe class GoldenImageTests
{
    static readonly ImageOptions Options = new();

    public static TheoryData<string> Files()
    {
        var names = new TheoryData<string>();
        if (GoldenFolder.HasShared)
            foreach (var file in Manifest().RootElement.GetProperty("files").EnumerateArray()) names.Add(file.GetProperty("file").GetString()!);
        else names.Add("manifest.json");
        return names;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Decode_GoldenFile_IsAcceptedOrRejectedAsTheManifestSays(string name)
    {
        using var manifest = Manifest();
        var expected = manifest.RootElement.GetProperty("files").EnumerateArray().Single(file => file.GetProperty("file").GetString() == name);
        var action = expected.GetProperty("action").GetString();
        if (expected.TryGetProperty("alternative", out _)) action = "accept_or_reject";
        using var decoder = new ImageDecoder(Options);
        try
        {
            var view = decoder.Decode(File.ReadAllBytes(GoldenFolder.Shared("images", name)), name);
            Assert.True(action != "reject", $"{name} was accepted");
            if (!expected.TryGetProperty("decoded_width", out var width)) return;
            Assert.Equal((width.GetInt32(), expected.GetProperty("decoded_height").GetInt32()), (view.ImageWidth, view.ImageHeight));
            if (expected.TryGetProperty("pixel_checks", out var checks))
                foreach (var check in checks.EnumerateArray()) AssertPixels(view, check);
        }
        catch (BadImageException refusal)
        {
            Assert.True(action != "accept", $"{name} was refused: {refusal.Message}");
            Assert.Contains(name, refusal.Message);
            Assert.InRange(refusal.Status, 413, 422);
        }
    }

    [Fact]
    public void Write_GoldenPicture_EqualsOpenCvWithinTwoLevels()
    {
        using var decoder = new ImageDecoder(Options);
        var source = decoder.Decode(File.ReadAllBytes(GoldenFolder.Shared("models", "images", "bus.jpg")), "bus.jpg", 640, 640);
        var tensor = new float[3 * 640 * 640];
        fixed (float* data = tensor) new LetterboxWriter()
            .Write(source, Letterbox.Fit(source.ImageWidth, source.ImageHeight, 640, 640), PixelEncoding.RgbUnit, data);
        using var expected = SKBitmap.Decode(Directory.GetFiles(GoldenFolder.Shared("models", "images"), "bus_letterbox_*640*.png").Single());
        double sum = 0, largest = 0;
        for (var y = 0; y < 640; y++)
            for (var x = 0; x < 640; x++)
            {
                var color = expected.GetPixel(x, y);
                var difference = Math.Abs(tensor[y * 640 + x] * 255 - color.Red) + Math.Abs(tensor[640 * 640 + y * 640 + x] * 255 - color.Green)
                    + Math.Abs(tensor[2 * 640 * 640 + y * 640 + x] * 255 - color.Blue);
                sum += difference / 3;
                largest = Math.Max(largest, difference / 3);
            }
        TestContext.Current.TestOutputHelper?.WriteLine($"mean {sum / (640 * 640):F4}, largest {largest:F2} levels");
        Assert.True(sum / (640 * 640) < 0.5, $"mean difference {sum / (640 * 640):F3} levels");
    }

    [Theory]
    [InlineData("ok_baseline_420.jpg")]
    [InlineData("ok_progressive.jpg")]
    [InlineData("ok_interlaced.png")]
    [InlineData("ok_palette.png")]
    [InlineData("webp_lossy_named.jpg")]
    [InlineData("bmp_top_down.bmp")]
    [InlineData("gif_named.jpg")]
    public void Decode_FlippedOrMissingBytes_DecodesOrRefuses(string name)
    {
        var whole = File.ReadAllBytes(GoldenFolder.Shared("images", name));
        using var decoder = new ImageDecoder(Options);
        Gen.Select(Gen.Int[0, whole.Length], Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 20]).Sample((length, flips) =>
        {
            var file = whole[..length];
            foreach (var (at, value) in flips)
                if (at < length) file[at] = value;
            try
            {
                decoder.Decode(file, name, 160, 160);
            }
            catch (BadImageException)
            {
                // Refused in a sentence: as good as decoded.
            }
        }, iter: 300, threads: 1);
    }

    static JsonDocument Manifest() => JsonDocument.Parse(File.ReadAllText(GoldenFolder.Shared("images", "manifest.json")));

    static void AssertPixels(PixelView view, JsonElement check)
    {
        var size = check.TryGetProperty("size", out var square) ? square.GetInt32() : 1;
        var expected = (check.TryGetProperty("mean_rgb", out var mean) ? mean : check.GetProperty("rgb")).EnumerateArray()
            .Select(value => value.GetDouble()).ToArray();
        int left = check.GetProperty("x").GetInt32() - size / 2, top = check.GetProperty("y").GetInt32() - size / 2; // x, y name the middle
        double[] sums = [0, 0, 0];
        for (var y = top; y < top + size; y++)
            for (var x = left; x < left + size; x++)
                for (var channel = 0; channel < 3; channel++) sums[channel] += view.Row(y)[x] >> (8 * channel) & 0xff;
        for (var channel = 0; channel < 3; channel++)
            Assert.InRange(Math.Abs(sums[channel] / (size * size) - expected[channel]), 0, check.GetProperty("tol").GetDouble());
    }
}
