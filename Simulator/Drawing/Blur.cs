using System.Numerics;

namespace RetrainLoop.Simulator.Drawing;

/// <summary>Blur of 4-byte pixels in place by averaging neighbours: each pass convolves with [1 2 1] / 4.</summary>
public static class Blur
{
    /// <param name="distance">Bytes to the neighbour: 4 along a row, the length of a row across.</param>
    public static void Average(Span<byte> pixels, int distance)
    {
        var step = Vector<byte>.Count;
        // First with the next neighbour, rounding up, then with the previous one, rounding down: the picture neither moves nor gets brighter.
        var last = pixels.Length - distance - step;
        for (var i = 0; i <= last; i += step)
        {
            var (a, b) = (new Vector<byte>(pixels[i..]), new Vector<byte>(pixels[(i + distance)..]));
            ((a | b) - ((a ^ b) >>> 1)).CopyTo(pixels[i..]);
        }
        for (var i = pixels.Length - step; i >= distance; i -= step)
        {
            var (a, b) = (new Vector<byte>(pixels[i..]), new Vector<byte>(pixels[(i - distance)..]));
            ((a & b) + ((a ^ b) >>> 1)).CopyTo(pixels[i..]);
        }
    }
}
