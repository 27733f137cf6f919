using System.Numerics;
using System.Runtime.InteropServices;

namespace RetrainLoop.Inference.Images;

/// <summary>
/// Brightness, contrast and sharpness of a picture, read from its letterboxed tensor: the same view that the network has of it, and small.
/// Luma is 0.299 R + 0.587 G + 0.114 B (BT.601); the Laplacian has four neighbours. Not thread-safe: one per worker.
/// </summary>
sealed unsafe class LumaStatistics
{
    float[] rows = [];

    public ImageStatistics Measure(float* tensor, in Letterbox letterbox, PixelEncoding encoding)
    {
        int width = letterbox.Width, height = letterbox.Height;
        if (rows.Length < 3 * width) rows = new float[3 * width];
        var luma = default(Moments);
        var laplacian = default(Moments);
        for (var y = 0; y < height; y++)
        {
            var row = Row(y, width);
            ReadLuma(tensor, letterbox, encoding, y, row);
            luma.Add(row);
            if (y >= 2) AddLaplacian(Row(y - 2, width), Row(y - 1, width), row, ref laplacian);
        }
        return new ImageStatistics(luma.Mean, Math.Sqrt(luma.Variance), laplacian.Variance);
    }

    Span<float> Row(int y, int width) => rows.AsSpan(y % 3 * width, width);

    static void ReadLuma(float* tensor, in Letterbox box, PixelEncoding encoding, int y, Span<float> luma)
    {
        var plane = (long)box.InputWidth * box.InputHeight;
        var first = tensor + (long)(box.Top + y) * box.InputWidth + box.Left;
        float red = 0.299f / (encoding.Scale), green = 0.587f / (encoding.Scale), blue = 0.114f / (encoding.Scale);
        var (weight0, weight2) = encoding.Bgr ? (blue, red) : (red, blue);
        ReadOnlySpan<float> plane0 = new(first, luma.Length), plane1 = new(first + plane, luma.Length), plane2 = new(first + 2 * plane, luma.Length);
        var x = 0;
        for (; x <= luma.Length - Vector<float>.Count; x += Vector<float>.Count)
            (new Vector<float>(plane0[x..]) * weight0 + new Vector<float>(plane1[x..]) * green + new Vector<float>(plane2[x..]) * weight2)
                .CopyTo(luma[x..]);
        for (; x < luma.Length; x++) luma[x] = plane0[x] * weight0 + plane1[x] * green + plane2[x] * weight2;
    }

    static void AddLaplacian(ReadOnlySpan<float> above, Span<float> middle, ReadOnlySpan<float> below, ref Moments moments)
    {
        if (middle.Length < 3) return;
        Vector<float> sum = default, squares = default;
        float restSum = 0, restSquares = 0;
        var x = 1;
        for (; x <= middle.Length - 1 - Vector<float>.Count; x += Vector<float>.Count)
        {
            var value = new Vector<float>(middle[x..]) * 4f - new Vector<float>(above[x..]) - new Vector<float>(below[x..])
                - new Vector<float>(middle[(x - 1)..]) - new Vector<float>(middle[(x + 1)..]);
            sum += value;
            squares += value * value;
        }
        for (; x < middle.Length - 1; x++)
        {
            var value = middle[x] * 4f - above[x] - below[x] - middle[x - 1] - middle[x + 1];
            restSum += value;
            restSquares += value * value;
        }
        moments.Add(Vector.Sum(sum) + restSum, Vector.Sum(squares) + restSquares, middle.Length - 2);
    }

    /// <summary>Sums over rows in double, within a row in float: a row is short.</summary>
    struct Moments
    {
        double sum, squares;
        long count;

        public readonly double Mean => count == 0 ? 0 : sum / count;
        public readonly double Variance => count == 0 ? 0 : Math.Max(0, squares / count - Mean * Mean);

        public void Add(float rowSum, float rowSquares, int rowCount)
        {
            sum += rowSum;
            squares += rowSquares;
            count += rowCount;
        }

        public void Add(ReadOnlySpan<float> row)
        {
            Vector<float> rowSum = default, rowSquares = default;
            var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
            foreach (var value in vectors)
            {
                rowSum += value;
                rowSquares += value * value;
            }
            float restSum = 0, restSquares = 0;
            foreach (var value in row[(vectors.Length * Vector<float>.Count)..])
            {
                restSum += value;
                restSquares += value * value;
            }
            Add(Vector.Sum(rowSum) + restSum, Vector.Sum(rowSquares) + restSquares, row.Length);
        }
    }
}
