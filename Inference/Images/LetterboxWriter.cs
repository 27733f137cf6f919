using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RetrainLoop.Inference.Images;

/// <summary>How a network wants its pixels.</summary>
/// <param name="Scale">What a channel value in [0, 255] is multiplied with.</param>
/// <param name="Bgr">Planes in the order blue, green, red instead of red, green, blue.</param>
public readonly record struct PixelEncoding(float Scale, bool Bgr)
{
    public static PixelEncoding RgbUnit => new(1f / 255f, false);
    public static PixelEncoding BgrByte => new(1f, true);
}

/// <summary>
/// Resamples pixels into a planar, letterboxed float tensor: bilinear with half-pixel centres and results rounded to whole levels, as OpenCV's
/// INTER_LINEAR on bytes; the border is 114. Keeps its tables between pictures of one size. Not thread-safe: one per worker.
/// </summary>
sealed unsafe class LetterboxWriter
{
    public const float Padding = 114f;
    int[] columns = [];
    float[] fractions = [], rowPlanes = [];
    (int Source, int Target) table;

    /// <param name="tensor">3 * InputHeight * InputWidth values.</param>
    public void Write(in PixelView source, in Letterbox letterbox, PixelEncoding encoding, float* tensor)
    {
        PrepareTable(source.Width, letterbox.Width);
        FillBorder(letterbox, Padding * encoding.Scale, tensor);
        var plane = (long)letterbox.InputWidth * letterbox.InputHeight;
        var target = tensor + (long)letterbox.Top * letterbox.InputWidth + letterbox.Left;
        float* first = encoding.Bgr ? target + 2 * plane : target, third = encoding.Bgr ? target : target + 2 * plane;
        var stride = source.Width + 1;
        fixed (float* red = rowPlanes)
        {
            float* green = red + stride, blue = green + stride;
            for (var y = 0; y < letterbox.Height; y++)
            {
                var (row, fraction) = Position(y, source.Height, letterbox.Height);
                BlendRows(source.Row(row), source.Row(Math.Min(row + 1, source.Height - 1)), fraction, source.Width, red, green, blue);
                var offset = (long)y * letterbox.InputWidth;
                Sample(red, first + offset, letterbox.Width, encoding.Scale);
                Sample(green, target + plane + offset, letterbox.Width, encoding.Scale);
                Sample(blue, third + offset, letterbox.Width, encoding.Scale);
            }
        }
    }

    void PrepareTable(int source, int target)
    {
        if (table == (source, target)) return;
        table = (source, target);
        columns = new int[target];
        fractions = new float[target];
        rowPlanes = new float[3 * (source + 1)];
        for (var x = 0; x < target; x++) (columns[x], fractions[x]) = Position(x, source, target);
    }

    /// <summary>The first of the two source positions of a target position, and the weight of the second.</summary>
    static (int Index, float Fraction) Position(int target, int sourceLength, int targetLength)
    {
        var position = (target + 0.5) * sourceLength / targetLength - 0.5;
        if (position <= 0) return (0, 0);
        var index = (int)position;
        return index >= sourceLength - 1 ? (sourceLength - 1, 0) : (index, (float)(position - index));
    }

    /// <summary>Splits two rows into channels and blends them. One value is repeated at the end, so that the last column has a neighbour.</summary>
    static void BlendRows(uint* upper, uint* lower, float fraction, int width, float* red, float* green, float* blue)
    {
        var x = 0;
        var weight = Vector256.Create(fraction);
        var mask = Vector256.Create(0xffu);
        for (; x <= width - 8; x += 8)
        {
            Vector256<uint> a = Vector256.Load(upper + x), b = Vector256.Load(lower + x);
            Blend(a & mask, b & mask, weight).Store(red + x);
            Blend((a >> 8) & mask, (b >> 8) & mask, weight).Store(green + x);
            Blend((a >> 16) & mask, (b >> 16) & mask, weight).Store(blue + x);
        }
        for (; x < width; x++)
        {
            red[x] = Blend(upper[x] & 0xff, lower[x] & 0xff, fraction);
            green[x] = Blend((upper[x] >> 8) & 0xff, (lower[x] >> 8) & 0xff, fraction);
            blue[x] = Blend((upper[x] >> 16) & 0xff, (lower[x] >> 16) & 0xff, fraction);
        }
        red[width] = red[width - 1];
        green[width] = green[width - 1];
        blue[width] = blue[width - 1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Blend(Vector256<uint> a, Vector256<uint> b, Vector256<float> weight)
    {
        var from = Vector256.ConvertToSingle(a.AsInt32());
        return from + (Vector256.ConvertToSingle(b.AsInt32()) - from) * weight;
    }

    static float Blend(uint a, uint b, float weight) => a + ((float)b - a) * weight;

    void Sample(float* row, float* target, int width, float scale)
    {
        fixed (int* column = columns)
        fixed (float* fraction = fractions)
        {
            var x = 0;
            if (table.Source == table.Target)
            {
                for (; x <= width - 8; x += 8) (Vector256.Round(Vector256.Load(row + x)) * scale).Store(target + x);
            }
            else if (Avx2.IsSupported)
            {
                for (; x <= width - 8; x += 8)
                {
                    var index = Vector256.Load(column + x);
                    Vector256<float> left = Avx2.GatherVector256(row, index, sizeof(float)),
                        right = Avx2.GatherVector256(row + 1, index, sizeof(float));
                    (Vector256.Round(left + (right - left) * Vector256.Load(fraction + x)) * scale).Store(target + x);
                }
            }
            for (; x < width; x++)
            {
                var left = row[column[x]];
                target[x] = MathF.Round(left + (row[column[x] + 1] - left) * fraction[x]) * scale;
            }
        }
    }

    static void FillBorder(in Letterbox box, float value, float* tensor)
    {
        int width = box.InputWidth, below = box.InputHeight - box.Top - box.Height, after = width - box.Left - box.Width;
        for (var channel = 0; channel < 3; channel++, tensor += (long)width * box.InputHeight)
        {
            new Span<float>(tensor, box.Top * width).Fill(value);
            new Span<float>(tensor + (long)(box.Top + box.Height) * width, below * width).Fill(value);
            if (box.Left == 0 && after == 0) continue;
            for (var y = box.Top; y < box.Top + box.Height; y++)
            {
                new Span<float>(tensor + (long)y * width, box.Left).Fill(value);
                new Span<float>(tensor + (long)y * width + width - after, after).Fill(value);
            }
        }
    }
}
