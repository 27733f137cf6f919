namespace RetrainLoop.Labeling.Images;

/// <summary>
/// Difference hash (N. Krawetz, "Kind of like that", 2013) on a 16 x 16 grid: bit (row, column) says whether the cell's mean luma is greater than
/// that of its right neighbour. 256 bits instead of the usual 64, because frames of one fixed camera differ only by small objects.
/// </summary>
public static class DifferenceHash
{
    public const int Rows = 16, Columns = 17;

    /// <summary>256 characters 0 or 1, row by row: the literal of a <c>bit(256)</c>.</summary>
    /// <param name="luma">Row-major, width * height bytes; width at least 17, height at least 16.</param>
    public static string Of(ReadOnlySpan<byte> luma, int width, int height)
    {
        Span<double> means = stackalloc double[Columns];
        Span<char> bits = stackalloc char[Rows * (Columns - 1)];
        for (var row = 0; row < Rows; row++)
        {
            var (top, bottom) = (row * height / Rows, (row + 1) * height / Rows);
            for (var column = 0; column < Columns; column++)
                means[column] = Mean(luma, width, column * width / Columns, (column + 1) * width / Columns, top, bottom);
            for (var column = 0; column < Columns - 1; column++)
                bits[row * (Columns - 1) + column] = means[column] > means[column + 1] ? '1' : '0';
        }
        return new string(bits);
    }

    static double Mean(ReadOnlySpan<byte> luma, int width, int left, int right, int top, int bottom)
    {
        long sum = 0;
        for (var y = top; y < bottom; y++)
            foreach (var value in luma[(y * width + left)..(y * width + right)]) sum += value;
        return (double)sum / ((right - left) * (bottom - top));
    }
}
