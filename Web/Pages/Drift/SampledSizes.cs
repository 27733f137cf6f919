namespace RetrainLoop.Web.Pages.Drift;

/// <summary>Box sizes of sampled frames on a grid, for when Monitor has no joint distribution of width and height. Pure.</summary>
public static class SampledSizes
{
    const int Cells = 14;
    const double Smallest = 0.01;

    /// <summary>From 1 % to the whole side, evenly spaced by ratio; what is smaller counts to the first.</summary>
    static readonly double[] Edges = [.. Enumerable.Range(0, Cells + 1).Select(index => Smallest * Math.Pow(1 / Smallest, (double)index / Cells))];

    /// <returns>Null when either side has no box.</returns>
    public static SizeGrid? Of(IEnumerable<SampledFrame> baseline, IEnumerable<SampledFrame> current, string? className)
    {
        var (before, now) = (Shares(baseline, className), Shares(current, className));
        return before is null || now is null ? null : new SizeGrid(Edges, before, now);
    }

    static double[]? Shares(IEnumerable<SampledFrame> frames, string? className)
    {
        var shares = new double[Cells * Cells];
        var total = 0;
        foreach (var frame in frames)
            foreach (var seen in frame.Detections.Where(seen => className is null || seen.Name == className))
            {
                shares[Cell(seen.Height / frame.Height) * Cells + Cell(seen.Width / frame.Width)]++;
                total++;
            }
        if (total == 0) return null;
        for (var cell = 0; cell < shares.Length; cell++) shares[cell] /= total;
        return shares;
    }

    static int Cell(double side) => side <= Smallest ? 0 : Math.Clamp((int)(Math.Log(side / Smallest) / Math.Log(1 / Smallest) * Cells), 0, Cells - 1);
}
