using CsCheck;
using RetrainLoop.Simulator.Drawing;
using RetrainLoop.Simulator.Scenes;
using RetrainLoop.Tests.Simulator.Frames;
using SkiaSharp;

namespace RetrainLoop.Tests.Simulator.Scenes;

public sealed class SceneTests
{
    [Fact]
    public void Of_AnyFrame_LabelsLieInsideTheFrame() => FrameIdTests.Ids.Sample(id =>
    {
        foreach (var (_, box) in Scene.Of(id).Labels)
        {
            Assert.Equal(box, box.ClipTo(LineCamera.FrameWidth, LineCamera.FrameHeight));
            Assert.True(box is { Width: > 5, Height: > 5 }, $"A label of {box.Width:F1} x {box.Height:F1} pixels in {id}.");
        }
    }, iter: 300);

    [Fact]
    public void Of_ManyFrames_PartsHaveTheSizesThatASmallDetectorSees()
    {
        var sides = Enumerable.Range(0, 400)
            .SelectMany(number => Scene.Of(new(LineCamera.All[number % 4].Name, 3, number, new())).Labels).Select(label => MathF.Max(label.Box.Width, label.Box.Height)).Order().ToList();
        Assert.InRange(sides[sides.Count / 20], 24, 110);
        Assert.InRange(sides[sides.Count * 19 / 20], 24, 110);
    }

    /// <summary>Takes one part away at a time: the pixels that change are what can be seen of it.</summary>
    [Fact]
    public void Labels_OfManyFrames_AreTheExtentOfWhatIsDrawn()
    {
        var (labels, exact) = (0, 0);
        for (var number = 0; number < 32; number++)
        {
            var scene = Scene.Of(new(LineCamera.All[number % 4].Name, 21, number, new(Camera: number % 3 * 0.4, Variant: number % 5 * 0.2)));
            var whole = Draw(scene, scene.Parts);
            foreach (var (part, box) in scene.Labels)
            {
                var drawn = Changed(whole, Draw(scene, [.. scene.Parts.Where(other => other != part)]));
                var off = new[]
                {
                    drawn.X - MathF.Floor(box.X), drawn.Y - MathF.Floor(box.Y), drawn.Right - MathF.Ceiling(box.Right), drawn.Bottom - MathF.Ceiling(box.Bottom),
                }.Max(MathF.Abs);
                // Of a covered part slivers may be drawn that the label leaves out.
                Assert.True(off <= 2 || Box.IoU(drawn, box) > 0.6f, $"{scene.Id}: the {part.Kind} is drawn at {drawn} but labelled at {box}.");
                (labels, exact) = (labels + 1, off <= 2 ? exact + 1 : exact);
            }
        }
        Assert.InRange(labels, 100, 400);
        Assert.True(exact >= 0.99 * labels, $"Only {exact} of {labels} labels are within two pixels of what is drawn.");
    }

    static byte[] Draw(Scene scene, IReadOnlyList<Part> parts)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(LineCamera.FrameWidth, LineCamera.FrameHeight, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Magenta);
        using var pen = new Pen(canvas);
        foreach (var part in parts) PartDrawing.DrawBody(pen, new PartBody(scene.View, part, Metal.Of(part)));
        Backdrop.Of(scene.Camera, scene.Id.Drift).DrawFixtures(canvas);
        return bitmap.GetPixelSpan().ToArray();
    }

    static Box Changed(byte[] a, byte[] b)
    {
        var (left, top, right, bottom) = (LineCamera.FrameWidth, LineCamera.FrameHeight, 0, 0);
        for (var y = 0; y < LineCamera.FrameHeight; y++)
            for (var x = 0; x < LineCamera.FrameWidth; x++)
            {
                var at = 4 * (y * LineCamera.FrameWidth + x);
                // An antialiased edge colours its outermost pixel faintly.
                if (Math.Abs(a[at] - b[at]) + Math.Abs(a[at + 1] - b[at + 1]) + Math.Abs(a[at + 2] - b[at + 2]) < 60) continue;
                (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x + 1), Math.Min(top, y), y + 1);
            }
        return new Box(left, top, right - left, bottom - top);
    }
}
