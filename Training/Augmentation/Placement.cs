using RetrainLoop.Contracts;
using RetrainLoop.Training.Data;

namespace RetrainLoop.Training.Augmentation;

/// <summary>
/// Puts a picture on a canvas of the same size: source pixel p lands at <c>p * Scale + (OffsetX, OffsetY)</c>, and nothing is drawn outside
/// the window.
/// </summary>
/// <param name="Window">Whole canvas pixels: left, top (inclusive), right, bottom (exclusive).</param>
public readonly record struct Placement(float Scale, float OffsetX, float OffsetY, (int Left, int Top, int Right, int Bottom) Window)
{
    /// <summary>An object stays when at least this share of its area is still to be seen.</summary>
    const float VisibleShare = 0.3f;

    /// <summary>An object stays when both sides are at least this long, in pixels.</summary>
    const float LeastSide = 2;

    /// <summary>The objects that can still be seen, in canvas pixels and cut at the window.</summary>
    public IEnumerable<Target> Move(IEnumerable<Target> targets)
    {
        foreach (var target in targets)
        {
            var box = target.Box;
            var moved = new Box(box.X * Scale + OffsetX, box.Y * Scale + OffsetY, box.Width * Scale, box.Height * Scale);
            var left = Math.Clamp(moved.X, Window.Left, Window.Right);
            var top = Math.Clamp(moved.Y, Window.Top, Window.Bottom);
            var seen = new Box(left, top, Math.Clamp(moved.Right, left, Window.Right) - left, Math.Clamp(moved.Bottom, top, Window.Bottom) - top);
            if (seen.Width >= LeastSide && seen.Height >= LeastSide && seen.Area >= VisibleShare * moved.Area) yield return target with { Box = seen };
        }
    }

    /// <summary>Draws the picture's pixels, bilinear.</summary>
    public void Draw(Picture source, byte[] canvas)
    {
        var size = source.Size;
        var (firstX, lastX) = Covered(OffsetX, Window.Left, Window.Right, size);
        var (firstY, lastY) = Covered(OffsetY, Window.Top, Window.Bottom, size);
        if (firstX >= lastX || firstY >= lastY) return;
        var columns = Taps(firstX, lastX, OffsetX, size, stride: 3);
        var rows = Taps(firstY, lastY, OffsetY, size, stride: size * 3);
        for (var y = firstY; y < lastY; y++)
        {
            var row = rows[y - firstY];
            ReadOnlySpan<byte> above = source.Pixels.AsSpan(row.First, size * 3), below = source.Pixels.AsSpan(row.Second, size * 3);
            var to = (y * size + firstX) * 3;
            foreach (var column in columns)
                for (var channel = 0; channel < 3; channel++)
                {
                    int a = column.First + channel, b = column.Second + channel;
                    var high = (above[a] << 8) + (above[b] - above[a]) * column.Weight;
                    var low = (below[a] << 8) + (below[b] - below[a]) * column.Weight;
                    canvas[to++] = (byte)(((high << 8) + (low - high) * row.Weight + (1 << 15)) >> 16);
                }
        }
    }

    /// <summary>Canvas pixels whose centre lies both in the window and on the picture.</summary>
    (int First, int Last) Covered(float offset, int from, int to, int size) =>
        (Math.Max(from, (int)Math.Ceiling(offset - 0.5f)), Math.Min(to, (int)Math.Ceiling(offset + size * Scale - 0.5f)));

    /// <summary>For each canvas pixel the two source pixels around it and, in 1/256, how much of the second.</summary>
    (int First, int Second, int Weight)[] Taps(int from, int to, float offset, int size, int stride)
    {
        var taps = new (int, int, int)[to - from];
        for (var i = from; i < to; i++)
        {
            var at = Math.Clamp((i + 0.5f - offset) / Scale - 0.5f, 0, size - 1);
            var first = (int)at;
            taps[i - from] = (first * stride, Math.Min(first + 1, size - 1) * stride, (int)((at - first) * 256));
        }
        return taps;
    }
}
