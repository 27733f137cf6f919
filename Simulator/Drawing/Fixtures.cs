using System.Numerics;
using RetrainLoop.Simulator.Scenes;
using SkiaSharp;

namespace RetrainLoop.Simulator.Drawing;

/// <summary>What does not move: the rails on both sides of the belt, their screws, and the floor behind them.</summary>
public static class Fixtures
{
    const float RailWidth = 26, RailHeight = LineCamera.RailHeight, Reach = 700, ScrewDistance = 130;

    public static SKImage Create(LineCamera camera, View view)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(LineCamera.FrameWidth, LineCamera.FrameHeight, SKColorType.Bgra8888, SKAlphaType.Premul));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Transparent);
        using var pen = new Pen(canvas);
        DrawRail(pen, view, -1, camera.Index);
        DrawRail(pen, view, 1, camera.Index);
        return SKImage.FromBitmap(bitmap);
    }

    static void DrawRail(Pen pen, View view, int side, int seed)
    {
        var (inner, outer) = (side * (LineCamera.BeltHalfWidth + 2), side * (LineCamera.BeltHalfWidth + 2 + RailWidth));
        using (var shadow = Strip(view, inner - side * 10, inner, 0, 0)) pen.FillSoft(shadow, new SKColor(0, 0, 0, 150), 6);
        using (var floor = Strip(view, outer, side * 900, 0, 0)) pen.Fill(floor, new SKColor(38, 40, 44));
        using (var wall = Strip(view, inner, inner, 0, RailHeight)) pen.Fill(wall, new SKColor(58, 62, 68));
        using (var outside = Strip(view, outer, outer, 0, RailHeight)) pen.Fill(outside, new SKColor(44, 46, 52));

        var near = view.ToImage(new Vector2(0, inner), RailHeight);
        var along = Vector2.Normalize(view.ToImage(new Vector2(1, inner), RailHeight) - near);
        var across = view.ToImage(new Vector2(0, outer), RailHeight) - near;
        var far = near + across - along * Vector2.Dot(across, along);
        using (var top = Strip(view, inner, outer, RailHeight, RailHeight))
        using (var shine = Pen.Linear(near, far, [new(120, 126, 134), new(196, 202, 208), new(150, 156, 164), new(108, 112, 120)], [0, 0.3f, 0.6f, 1]))
            pen.Fill(top, shine);
        var random = RandomStream.Of(12, seed, side);
        for (var x = -Reach + random.NextFloat(0, ScrewDistance); x < Reach; x += ScrewDistance)
            DrawScrew(pen, view, new Vector2(x, (inner + outer) / 2), random.NextFloat(0, MathF.PI));
    }

    static void DrawScrew(Pen pen, View view, Vector2 at, float angle)
    {
        var (sin, cos) = MathF.SinCos(angle);
        var along = new Vector2(cos, sin) * 4.4f;
        using var head = Pen.Path(Circle(view, at, 5.6f));
        pen.Stroke(head, new SKColor(0, 0, 0, 120), 2.4f);
        pen.Fill(head, new SKColor(122, 126, 132));
        using var slot = Pen.Path([view.ToImage(at - along, RailHeight), view.ToImage(at + along, RailHeight)]);
        pen.Stroke(slot, new SKColor(40, 42, 46), 1.5f);
    }

    static Vector2[] Circle(View view, Vector2 at, float radius) =>
        Array.ConvertAll(PartShape.Ring(radius, 18), point => view.ToImage(at + point, RailHeight));

    /// <summary>A band along the belt between two edges, each at a height.</summary>
    static SKPath Strip(View view, float oneEdge, float otherEdge, float oneHeight, float otherHeight) => Pen.Path(
    [
        view.ToImage(new Vector2(-Reach, oneEdge), oneHeight), view.ToImage(new Vector2(Reach, oneEdge), oneHeight),
        view.ToImage(new Vector2(Reach, otherEdge), otherHeight), view.ToImage(new Vector2(-Reach, otherEdge), otherHeight),
    ]);
}
