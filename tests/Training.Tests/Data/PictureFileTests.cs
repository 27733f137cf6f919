using RetrainLoop.Training.Data;
using SkiaSharp;

namespace RetrainLoop.Tests.Training.Data;

public sealed class PictureFileTests
{
    [Fact]
    public void Read_WideImage_IsLetterboxedWithItsColoursInOrder()
    {
        using var folder = new TemporaryFolder();
        using var bitmap = new SKBitmap(200, 100);
        bitmap.Erase(new SKColor(200, 100, 50));
        using (var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100)) File.WriteAllBytes(folder["a.png"], encoded.ToArray());

        var picture = PictureFile.Read(new LabelledImage(folder["a.png"], [new LabelledBox(1, 0.5f, 0.5f, 1, 1)], IsNew: true), 64);

        Assert.Equal([114, 114, 114], picture.Pixels[..3]);
        Assert.Equal([200, 100, 50], picture.Pixels.AsSpan((32 * 64 + 32) * 3, 3).ToArray());
        Assert.Equal([new Target(1, new Box(0, 16, 64, 32))], picture.Targets);
    }

    [Fact]
    public void Read_EightOrientations_LookTheSame()
    {
        var pictures = Enumerable.Range(1, 8)
            .Select(i => Directory.GetFiles(GoldenFolder.Shared("images"), $"exif_photo_orientation_{i}.jpg").SingleOrDefault())
            .Where(path => path is not null)
            .Select(path => PictureFile.Read(new LabelledImage(path!, [], IsNew: true), 64).Pixels)
            .ToList();
        Assert.True(pictures.Count > 1, "The shared set has no oriented pictures.");
        foreach (var pixels in pictures)
            Assert.True(pixels.Zip(pictures[0], (a, b) => Math.Abs(a - b)).Average() < 3);
    }

    [Fact]
    public void Read_TruncatedFile_IsRefusedWithItsName()
    {
        using var folder = new TemporaryFolder();
        ShapesDataset.Write(folder.Path, train: 1, validation: 0);
        var path = folder[Path.Combine("images", "train", "000.png")];
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..200]);
        var error = Assert.Throws<DatasetException>(() => PictureFile.Read(new LabelledImage(path, [], IsNew: true), 64));
        Assert.Contains("000.png", error.Message);
    }
}
