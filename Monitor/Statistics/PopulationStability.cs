namespace RetrainLoop.Monitor.Statistics;

/// <summary>
/// The population stability index: sum over bins of (current - reference) ln(current / reference), shares as fractions. There is no standard for
/// empty bins; here every share below 0.0001 counts as 0.0001, without renormalising. Common reading: under 0.1 stable, over 0.25 large.
/// </summary>
public static class PopulationStability
{
    public const double SmallestShare = 1e-4;

    /// <param name="reference">Counts per bin; at least one is positive.</param>
    /// <param name="current">Counts on the same bins; at least one is positive.</param>
    public static double Index(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        if (reference.Length != current.Length) throw new ArgumentException("Both sides need the same bins.");
        double referenceTotal = Cells.Sum(reference), currentTotal = Cells.Sum(current), index = 0;
        if (referenceTotal == 0 || currentTotal == 0) return double.NaN;
        for (var i = 0; i < reference.Length; i++)
        {
            var expected = Math.Max(reference[i] / referenceTotal, SmallestShare);
            var actual = Math.Max(current[i] / currentTotal, SmallestShare);
            index += (actual - expected) * Math.Log(actual / expected);
        }
        return index;
    }
}
