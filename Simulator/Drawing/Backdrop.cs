using System.Collections.Concurrent;
using System.Numerics;
using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.Scenes;
using SkiaSharp;

namespace RetrainLoop.Simulator.Drawing;

/// <summary>
/// What a camera sees without parts: the moving belt, and the rails and the floor that stand still. Made once per view, because
/// projecting the belt costs more than all the rest of a frame.
/// </summary>
public sealed class Backdrop
{
    const int MostKept = 12;
    static readonly ConcurrentDictionary<(int Camera, double Strength), Backdrop> Kept = new();
    readonly SKImage belt, fixtures;
    readonly Vector2 alongBelt, origin;

    Backdrop(LineCamera camera, View view)
    {
        // The belt as seen, long enough that any phase of one period is a piece of it.
        var projection = view.Projection;
        alongBelt = new Vector2(projection.M11, projection.M12);
        var period = alongBelt * BeltTexture.Width;
        origin = Vector2.Max(period, Vector2.Zero);
        var width = LineCamera.FrameWidth + (int)MathF.Ceiling(MathF.Abs(period.X)) + 2;
        var height = LineCamera.FrameHeight + (int)MathF.Ceiling(MathF.Abs(period.Y)) + 2;
        belt = ProjectBelt(camera, projection * Matrix3x2.CreateTranslation(origin), width, height);
        fixtures = Fixtures.Create(camera, view);
    }

    /// <summary>The backdrop of a camera at a strength of camera drift; thread safe.</summary>
    public static Backdrop Of(LineCamera camera, Drift drift)
    {
        if (Kept.Count > MostKept) Kept.Clear();
        return Kept.GetOrAdd((camera.Index, drift.Camera), _ => new Backdrop(camera, new View(camera, drift)));
    }

    /// <param name="phase">How far the belt has run, belt units.</param>
    public void DrawBelt(SKCanvas canvas, float phase)
    {
        var shift = alongBelt * (phase % BeltTexture.Width) - origin;
        canvas.DrawImage(belt, MathF.Round(shift.X), MathF.Round(shift.Y), SKSamplingOptions.Default);
    }

    public void DrawFixtures(SKCanvas canvas) => canvas.DrawImage(fixtures, 0, 0, SKSamplingOptions.Default);

    static SKImage ProjectBelt(LineCamera camera, Matrix3x2 p, int width, int height)
    {
        using var texture = BeltTexture.Create(camera);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        var placed = new SKMatrix(p.M11, p.M21, p.M31, p.M12, p.M22, p.M32, 0, 0, 1).PreConcat(SKMatrix.CreateTranslation(0, -BeltTexture.Height / 2f));
        using var shader = texture.ToShader(SKShaderTileMode.Repeat, SKShaderTileMode.Repeat, new SKSamplingOptions(SKFilterMode.Linear), placed);
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawPaint(paint);
        return SKImage.FromBitmap(bitmap);
    }
}
