namespace RetrainLoop.Monitor.Drift.Embeddings;

/// <summary>
/// The mean direction of unit vectors, kept as their sum S. The cosine distance of a vector u to it is 1 - u·S / (|u| |S|), in [0, 2]. A vector that is
/// part of the sum is held against the mean of the others (leave one out), because it pulls the mean towards itself and would look nearer than a
/// new one of the same kind: u·(S - u) = u·S - u·u and |S - u|² = |S|² - 2 u·S + u·u, so that the sum is all it takes.
/// </summary>
/// <param name="Sum">Empty without vectors.</param>
/// <param name="Count">How many vectors were added.</param>
public sealed record MeanDirection(double[] Sum, int Count)
{
    public static MeanDirection Of(IEnumerable<float[]> units)
    {
        double[] sum = [];
        var count = 0;
        foreach (var unit in units)
        {
            if (count == 0) sum = new double[unit.Length];
            if (unit.Length != sum.Length) continue; // of no model that the others are of
            for (var i = 0; i < unit.Length; i++) sum[i] += unit[i];
            count++;
        }
        return new MeanDirection(sum, count);
    }

    /// <param name="unit">A vector that is not part of the sum, as long as it.</param>
    public double DistanceOf(ReadOnlySpan<float> unit)
    {
        var (along, own) = Products(unit);
        return Distance(along, own, lengthSquared);
    }

    /// <param name="unit">A vector that is part of the sum; the distance is to the mean of the others.</param>
    public double DistanceOfMember(ReadOnlySpan<float> unit)
    {
        var (along, own) = Products(unit);
        return Distance(along - own, own, lengthSquared - 2 * along + own);
    }

    readonly double lengthSquared = Sum.Sum(part => part * part);

    (double Along, double Own) Products(ReadOnlySpan<float> unit)
    {
        double along = 0, own = 0;
        for (var i = 0; i < unit.Length; i++)
        {
            along += unit[i] * Sum[i];
            own += (double)unit[i] * unit[i];
        }
        return (along, own);
    }

    /// <summary>1 where a side has no direction: neither near nor opposite.</summary>
    static double Distance(double product, double own, double meanSquared) =>
        meanSquared < 1e-12 || own == 0 ? 1 : Math.Clamp(1 - product / Math.Sqrt(own * meanSquared), 0, 2);
}
