using System.Numerics;

namespace RetrainLoop.Simulator.Scenes;

/// <summary>
/// Which part each pixel of a frame shows. Parts are added in drawing order (a later one covers an earlier one); a pixel belongs to a part
/// when its centre lies inside base or top of the silhouette and not in its hole (non-zero winding).
/// </summary>
public sealed class VisibilityMap
{
    const int Width = LineCamera.FrameWidth, Height = LineCamera.FrameHeight, MostParts = 16;
    readonly byte[] owner = new byte[Width * Height];
    readonly int[] total = new int[MostParts + 1], seen = new int[MostParts + 1];
    readonly List<(int Row, int From, int To)> spans = [];
    readonly float[] crossings = new float[256];
    readonly int[] windings = new int[256];

    public int Count { get; private set; }

    /// <summary>
    /// Adds a part on top, unless then some part (this one or one below it) would be seen by a share strictly between the limits.
    /// </summary>
    public bool TryAdd(Silhouette silhouette, float low, float high)
    {
        if (Count == MostParts) return false;
        var pixels = FindSpans(silhouette);
        Span<int> covered = stackalloc int[MostParts + 1];
        covered.Clear();
        var within = 0;
        foreach (var (row, from, to) in spans)
        {
            within += to - from;
            foreach (var id in owner.AsSpan(row * Width + from, to - from)) covered[id]++;
        }
        if (Between(within, pixels, low, high)) return false;
        for (var id = 1; id <= Count; id++)
            if (covered[id] > 0 && Between(seen[id] - covered[id], total[id], low, high)) return false;

        Count++;
        (total[Count], seen[Count]) = (pixels, within);
        for (var id = 1; id < Count; id++) seen[id] -= covered[id];
        foreach (var (row, from, to) in spans) owner.AsSpan(row * Width + from, to - from).Fill((byte)Count);
        return true;
    }

    /// <summary>The share of a part's pixels that can be seen, [0, 1]; parts count from 0 in drawing order.</summary>
    public float ShareOf(int part) => total[part + 1] == 0 ? 0 : (float)seen[part + 1] / total[part + 1];

    /// <summary>True when all of the part can be seen.</summary>
    public bool IsWhole(int part) => seen[part + 1] == total[part + 1];

    /// <summary>
    /// The extent of what can be seen of a part, in whole pixels. Rows and columns with fewer than three of its pixels do not count: slivers
    /// beside what covers it, which nobody would see.
    /// </summary>
    public Box ExtentOf(int part)
    {
        var id = (byte)(part + 1);
        Span<int> columns = stackalloc int[Width], rows = stackalloc int[Height];
        columns.Clear();
        rows.Clear();
        for (var y = 0; y < Height; y++)
        {
            var row = owner.AsSpan(y * Width, Width);
            for (var x = row.IndexOf(id); x >= 0 && x < Width; x++)
                if (row[x] == id) (columns[x], rows[y]) = (columns[x] + 1, rows[y] + 1);
        }
        var (left, right) = Range(columns);
        var (top, bottom) = Range(rows);
        return new Box(left, top, right - left, bottom - top);
    }

    static (int From, int To) Range(ReadOnlySpan<int> counts)
    {
        var (from, to) = (0, 0);
        for (var i = 0; i < counts.Length; i++)
            if (counts[i] >= 3) (from, to) = (to == 0 ? i : from, i + 1);
        return (from, to);
    }

    static bool Between(int part, int whole, float low, float high) => whole > 0 && part > low * whole && part < high * whole;

    /// <summary>Fills <see cref="spans"/> with the silhouette's pixels in the frame; returns their number with those outside it.</summary>
    int FindSpans(Silhouette silhouette)
    {
        spans.Clear();
        var extent = silhouette.Extent;
        var pixels = 0;
        for (var y = (int)MathF.Ceiling(extent.Y - 0.5f); y <= (int)MathF.Floor(extent.Bottom - 0.5f); y++)
        {
            var count = Cross(silhouette.Base, y + 0.5f, 0);
            count = Cross(silhouette.Top, y + 0.5f, count);
            count = Cross(silhouette.BaseHole, y + 0.5f, count);
            count = Cross(silhouette.TopHole, y + 0.5f, count);
            Array.Sort(crossings, windings, 0, count);
            var winding = 0;
            for (var i = 0; i + 1 < count; i++)
            {
                winding += windings[i];
                if (winding == 0) continue;
                var (from, to) = ((int)MathF.Ceiling(crossings[i] - 0.5f), (int)MathF.Ceiling(crossings[i + 1] - 0.5f));
                pixels += to - from;
                (from, to) = (Math.Max(0, from), Math.Min(Width, to));
                if (from < to && y is >= 0 and < Height) spans.Add((y, from, to));
            }
        }
        return pixels;
    }

    int Cross(Vector2[] contour, float y, int count)
    {
        if (contour.Length == 0) return count;
        var a = contour[^1];
        foreach (var b in contour)
        {
            if (a.Y <= y != b.Y <= y)
            {
                crossings[count] = a.X + (y - a.Y) / (b.Y - a.Y) * (b.X - a.X);
                windings[count++] = a.Y < b.Y ? 1 : -1;
            }
            a = b;
        }
        return count;
    }
}
