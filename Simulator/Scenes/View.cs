using System.Numerics;
using RetrainLoop.Simulator.Frames;

namespace RetrainLoop.Simulator.Scenes;

/// <summary>
/// Where things on the belt appear in the image: a parallel projection seen at an angle. Belt units: x along the belt, y across it (0 in the
/// middle), height above it; pixels: x to the right, y down.
/// </summary>
public sealed class View
{
    readonly Vector2 alongBelt, acrossBelt, shift;

    public View(LineCamera camera, Drift drift)
    {
        var strength = (float)drift.Camera;
        Scale = camera.Scale * (1 + 0.5f * strength);
        var tilt = camera.Tilt - 0.14f * strength;
        var (sin, cos) = MathF.SinCos((camera.Turn + 24 * strength) * MathF.PI / 180);
        alongBelt = new Vector2(cos, sin * tilt) * Scale;
        acrossBelt = new Vector2(-sin, cos * tilt) * Scale;
        shift = new Vector2(LineCamera.FrameWidth / 2f + 30 * strength, LineCamera.FrameHeight / 2f - 22 * strength);
        Rise = MathF.Sqrt(1 - tilt * tilt) * Scale;
        var (lightSin, lightCos) = MathF.SinCos(camera.LightAngle * MathF.PI / 180);
        TowardsLight = new Vector2(lightCos, lightSin);
    }

    /// <summary>Pixels per belt unit along the belt.</summary>
    public float Scale { get; }

    /// <summary>Pixels by which a point moves up in the image per unit of height.</summary>
    public float Rise { get; }

    /// <summary>How much of the belt something of a height hides behind it, belt units per unit of height.</summary>
    public float Hidden => Rise / acrossBelt.Length();

    /// <summary>Unit vector in the image from a part to the lamp.</summary>
    public Vector2 TowardsLight { get; }

    /// <summary>Linear part of the projection, columns: one belt unit along and across, in pixels.</summary>
    public Matrix3x2 Projection => new(alongBelt.X, alongBelt.Y, acrossBelt.X, acrossBelt.Y, shift.X, shift.Y);

    public Vector2 ToImage(Vector2 belt, float height = 0) => alongBelt * belt.X + acrossBelt * belt.Y + shift - new Vector2(0, Rise * height);

    public Vector2 ToBelt(Vector2 image)
    {
        Matrix3x2.Invert(Projection, out var inverse);
        return Vector2.Transform(image, inverse);
    }
}
