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
    public void Labels_OfAnyFrame_AreTheExtentOfWhatIsDrawn() => FrameIdTests.Ids.Sample(id =>
    {
        var scene = Scene.Of(id);
        var whole = Draw(scene, scene.Parts);
        foreach (var (part, box) in scene.Labels)
        {
            var drawn = Changed(whole, Draw(scene, [.. scene.Parts.Where(other => other != part)]));
            var pixels = (Left: MathF.Floor(box.X), Top: MathF.Floor(box.Y), Right: MathF.Ceiling(box.Right), Bottom: MathF.Ceiling(box.Bottom));
            var off = new[] { drawn.X - pixels.Left, drawn.Y - pixels.Top, drawn.Right - pixels.Right, drawn.Bottom - pixels.Bottom }.Max(MathF.Abs);
            Assert.True(off <= 3, $"{id}: the {part.Kind} is drawn at {drawn} but labelled at {box}.");
        }
    }, iter: 25);

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
