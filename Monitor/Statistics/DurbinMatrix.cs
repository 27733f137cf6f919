namespace RetrainLoop.Monitor.Statistics;

/// <summary>
/// P(D_n &lt;= x) exactly, as n!/n^n times an entry of the n-th power of Durbin's matrix
/// (Marsaglia, Tsang and Wang, Journal of Statistical Software 8(18), 2003). Cost O((n x)^3 log n).
/// </summary>
static class DurbinMatrix
{
    const double Large = 1e140, Small = 1e-140;

    public static double Cumulative(int n, double x)
    {
        var k = (int)Math.Ceiling(n * x);
        var size = 2 * k - 1;
        var (power, exponent) = Power(Build(size, k - n * x), size, n);
        var result = power[(k - 1) * size + k - 1];
        for (var i = 1; i <= n; i++)
        {
            result *= (double)i / n;
            if (result < Small)
            {
                result *= Large;
                exponent -= 140;
            }
        }
        return result * Math.Pow(10, exponent);
    }

    /// <summary>Entries 1/(i-j+1)! on and below the first super-diagonal, with the first column and last row corrected by powers of h.</summary>
    static double[] Build(int size, double h)
    {
        var matrix = new double[size * size];
        for (var i = 0; i < size; i++)
            for (var j = 0; j < Math.Min(size, i + 2); j++) matrix[i * size + j] = 1;
        for (var i = 0; i < size; i++)
        {
            matrix[i * size] -= Math.Pow(h, i + 1);
            matrix[(size - 1) * size + i] -= Math.Pow(h, size - i);
        }
        if (2 * h > 1) matrix[(size - 1) * size] += Math.Pow(2 * h - 1, size);
        for (var i = 0; i < size; i++)
            for (var j = 0; j <= i; j++)
                for (var g = 1; g <= i - j + 1; g++) matrix[i * size + j] /= g;
        return matrix;
    }

    /// <summary>matrix^n as a matrix and a decimal exponent, so that neither overflows.</summary>
    static (double[] Matrix, int Exponent) Power(double[] matrix, int size, int n)
    {
        if (n == 1) return (matrix, 0);
        var (half, exponent) = Power(matrix, size, n / 2);
        var square = Multiply(half, half, size);
        exponent *= 2;
        if (n % 2 == 1) square = Multiply(matrix, square, size);
        if (square[size / 2 * size + size / 2] > Large)
        {
            for (var i = 0; i < square.Length; i++) square[i] *= Small;
            exponent += 140;
        }
        return (square, exponent);
    }

    static double[] Multiply(double[] a, double[] b, int size)
    {
        var product = new double[size * size];
        for (var i = 0; i < size; i++)
            for (var k = 0; k < size; k++)
            {
                var factor = a[i * size + k];
                if (factor == 0) continue;
                for (var j = 0; j < size; j++) product[i * size + j] += factor * b[k * size + j];
            }
        return product;
    }
}
