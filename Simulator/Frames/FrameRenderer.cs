using RetrainLoop.Simulator.Drawing;
using RetrainLoop.Simulator.Scenes;
using SkiaSharp;

namespace RetrainLoop.Simulator.Frames;

/// <summary>Renders frames; a pure function of the frame id.</summary>
public static class FrameRenderer
{
    public const int JpegQuality = 85;

    /// <summary>A frame as a camera sends it.</summary>
    public static byte[] Jpeg(FrameId id) => Jpeg(Scene.Of(id));

    public static byte[] Jpeg(Scene scene)
    {
        using var bitmap = Draw(scene);
        using var pixels = bitmap.PeekPixels();
        using var data = pixels.Encode(new SKJpegEncoderOptions(JpegQuality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore));
        return data?.ToArray() ?? throw new InvalidOperationException($"The frame {scene.Id} could not be encoded as JPEG.");
    }

    /// <summary>The pixels of a frame: 640x480, BGRA.</summary>
    public static SKBitmap Draw(Scene scene)
    {
        var bitmap = new SKBitmap(new SKImageInfo(LineCamera.FrameWidth, LineCamera.FrameHeight, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            var backdrop = Backdrop.Of(scene.Camera, scene.Id.Drift);
            backdrop.DrawBelt(canvas, scene.BeltPhase);
            using (var pen = new Pen(canvas))
                foreach (var part in scene.Parts) PartDrawing.Draw(pen, scene.View, part);
            backdrop.DrawFixtures(canvas);
        }
        var random = RandomStream.Of(3, scene.Camera.Index, scene.Id.Seed, scene.Id.Number);
        var motion = random.NextInt(3);
        var defocus = (random.NextFloat() < 0.3f ? 1 : 0) + (int)Math.Round(2 * scene.Id.Drift.Camera);
        Sensor.Of(scene.Camera, scene.Id.Drift).Expose(bitmap.GetPixelSpan(), motion, defocus, ref random);
        return bitmap;
    }
}
