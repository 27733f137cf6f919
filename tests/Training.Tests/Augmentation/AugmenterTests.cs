using CsCheck;
using RetrainLoop.Training.Augmentation;
using RetrainLoop.Training.Data;

namespace RetrainLoop.Tests.Training.Augmentation;

public sealed class AugmenterTests
{
    const int Size = 64;

    static readonly Gen<Picture> Pictures =
        Gen.Select(Gen.Int[0, 50], Gen.Int[0, 50], Gen.Int[4, 14], Gen.Int[4, 14]).Select((x, y, width, height) => WithBox(new Box(x, y, width, height)));

    [Fact]
    public void Apply_AnyPictures_BoxesLieInsideAndHaveASize() =>
        Gen.Select(Pictures.Array[4], Gen.Int).Sample((pictures, seed) =>
        {
            var random = new Random(seed);
            var made = Augmenter.Apply(pictures[0], () => pictures[random.Next(4)], new AugmentationOptions(Scale: 0.9, Translate: 0.5), random);
            Assert.Equal(Size * Size * 3, made.Pixels.Length);
            Assert.All(made.Targets, target =>
            {
                Assert.True(target.Box is { X: >= 0, Y: >= 0, Width: >= 2, Height: >= 2 });
                Assert.True(target.Box.Right <= Size + 1e-3f && target.Box.Bottom <= Size + 1e-3f);
            });
        });

    [Fact]
    public void Apply_MovedFlippedAndJoined_BoxesStayOnTheirPixels() =>
        Gen.Select(Pictures, Gen.Double[0, 1], Gen.Int).Sample((picture, mosaic, seed) =>
        {
            var options = new AugmentationOptions(mosaic, Hue: 0, Saturation: 0, Value: 0);
            var made = Augmenter.Apply(picture, () => Picture.Blank(Size), options, new Random(seed));
            if (made.Targets is [var target]) AssertRedIsAt(target.Box, made);
        });

    [Fact]
    public void Mirror_Twice_IsTheSamePicture() => Pictures.Sample(picture =>
    {
        var twice = Augmenter.Mirror(Augmenter.Mirror(picture));
        Assert.Equal(picture.Pixels, twice.Pixels);
        Assert.Equal(picture.Targets, twice.Targets);
    });

    [Fact]
    public void Apply_NoAugmentation_ChangesNothing() => Pictures.Sample(picture =>
    {
        var same = Augmenter.Apply(picture, () => picture, AugmentationOptions.None, new Random(1));
        Assert.Equal(picture.Pixels, same.Pixels);
        Assert.Equal(picture.Targets, same.Targets);
    });

    /// <summary>Grey with one red box.</summary>
    static Picture WithBox(Box box)
    {
        var picture = Picture.Blank(Size) with { Targets = [new Target(0, box)] };
        for (var y = (int)box.Y; y < box.Bottom; y++)
            for (var x = (int)box.X; x < box.Right; x++)
                new byte[] { 255, 0, 0 }.CopyTo(picture.Pixels, (y * Size + x) * 3);
        return picture;
    }

    static void AssertRedIsAt(Box box, Picture picture)
    {
        var red = Enumerable.Range(0, Size * Size).Where(i => picture.Pixels[3 * i] > 200 && picture.Pixels[3 * i + 1] < 50).ToList();
        if (red.Count == 0) return; // shrunk until no pixel is wholly red
        Assert.InRange(red.Min(i => i % Size), box.X - 1, box.X + 2.5);
        Assert.InRange(red.Max(i => i % Size) + 1, box.Right - 2.5, box.Right + 1);
        Assert.InRange(red.Min(i => i / Size), box.Y - 1, box.Y + 2.5);
        Assert.InRange(red.Max(i => i / Size) + 1, box.Bottom - 2.5, box.Bottom + 1);
    }
}
