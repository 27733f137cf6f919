using System.Numerics;

namespace RetrainLoop.Monitor.Statistics;

/// <summary>
/// The exact null distribution of the two-sample Kolmogorov-Smirnov statistic without ties: each order of the pooled sample is a lattice
/// path from (0, 0) to (n1, n2), and P(D &gt;= d) is the share of paths that leave the band |x/n1 - y/n2| &lt; d (Hodges 1958).
/// </summary>
public static class LatticePaths
{
    /// <summary>The statistic rounded to the multiple of 1 / lcm(n1, n2) it must be, and its exact p.</summary>
    public static (double Statistic, double PValue) PValue(double distance, int n1, int n2)
    {
        var divisor = (long)BigInteger.GreatestCommonDivisor(n1, n2);
        var multiple = n1 / divisor * n2;
        if (multiple > int.MaxValue) return (distance, KolmogorovSmirnov.AsymptoticPValue(distance, n1, n2));
        var steps = (long)Math.Round(distance * multiple, MidpointRounding.ToEven);
        var statistic = (double)steps / multiple;
        if (steps == 0) return (statistic, 1);
        var p = n1 == n2 ? OutsideSquare(n1, steps) : OutsideBand(Math.Max(n1, n2), Math.Min(n1, n2), divisor, steps);
        return (statistic, Math.Clamp(p, 0, 1));
    }

    /// <summary>
    /// Equal sizes, by reflection: 2 [C(2n, n-h) - C(2n, n-2h) + ...] / C(2n, n), evaluated from the innermost ratio outward.
    /// </summary>
    static double OutsideSquare(int n, long h)
    {
        var sum = 0.0;
        for (var k = n / h; k >= 0; k--)
        {
            var ratio = 1.0;
            for (long j = 0; j < h; j++) ratio *= (n - k * h - j) / (double)(n + k * h + j + 1);
            sum = ratio * (1 - sum);
        }
        return 2 * sum;
    }

    /// <summary>
    /// With Q(x, y) the share of paths to (x, y) that have left the band: Q = 1 outside, else (x Q(x-1, y) + y Q(x, y-1)) / (x + y).
    /// All terms are positive, so tiny p keep their relative precision. Walked along anti-diagonals, whose cells do not depend on each other.
    /// </summary>
    static double OutsideBand(int m, int n, long divisor, long h)
    {
        var (stepX, stepY) = (n / divisor, m / divisor); // inside: |x stepX - y stepY| < h
        var previous = new double[m + 3]; // cell x lives at index x + 1
        var next = new double[m + 3];
        Array.Fill(previous, 1);
        Array.Fill(next, 1);
        previous[1] = 0;
        for (var s = 1; s <= m + n; s++)
        {
            var low = (int)Math.Max(FloorDivide(s * stepY - h, stepX + stepY) + 1, Math.Max(0, s - n));
            var high = (int)Math.Min(FloorDivide(s * stepY + h - 1, stepX + stepY), Math.Min(m, s));
            if (high < low) return 1;
            Advance(previous, next, s, low, high);
            next[low] = 1;
            next[high + 2] = 1;
            (previous, next) = (next, previous);
        }
        return previous[m + 1];
    }

    static void Advance(double[] previous, double[] next, int s, int low, int high)
    {
        var scale = 1.0 / s;
        var x = low;
        var ramp = Vector.CreateSequence<double>(0, 1);
        for (; x + Vector<double>.Count <= high + 1; x += Vector<double>.Count)
        {
            var column = ramp + new Vector<double>(x);
            var left = new Vector<double>(previous, x);
            var below = new Vector<double>(previous, x + 1);
            ((column * left + (new Vector<double>(s) - column) * below) * scale).CopyTo(next, x + 1);
        }
        for (; x <= high; x++) next[x + 1] = (x * previous[x] + (s - x) * previous[x + 1]) * scale;
    }

    static long FloorDivide(long a, long b) => a >= 0 ? a / b : -((-a + b - 1) / b);
}
