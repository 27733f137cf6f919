namespace RetrainLoop.Monitor.Statistics;

/// <summary>
/// Control of the false discovery rate over several tests (Benjamini and Hochberg, JRSS B 57, 1995): rejecting what is adjusted to at most q keeps the
/// expected share of false ones among the rejected at q or less, for independent and for positively dependent tests.
/// </summary>
public static class BenjaminiHochberg
{
    /// <summary>Adjusted p-values in the order of the input: min over ranks from its own upward of p m / rank, never over 1.</summary>
    /// <param name="tests">m, when more tests belong to the family than are listed: the others count as p = 1.</param>
    public static double[] Adjust(IReadOnlyList<double> pValues, int? tests = null)
    {
        var m = tests ?? pValues.Count;
        if (m < pValues.Count) throw new ArgumentException("A family has at least as many tests as are listed.");
        var adjusted = new double[pValues.Count];
        var least = 1.0;
        var rank = pValues.Count;
        foreach (var index in Enumerable.Range(0, pValues.Count).OrderByDescending(i => pValues[i]))
            adjusted[index] = least = Math.Min(least, pValues[index] * m / rank--);
        return adjusted;
    }
}
