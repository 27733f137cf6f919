namespace RetrainLoop.Tests.Monitor;

static class Histograms
{
    public static SparseHistogram Of(IEnumerable<double> values, Func<double, int> binOf)
    {
        var bins = values.GroupBy(binOf).OrderBy(group => group.Key).ToList();
        return new SparseHistogram([.. bins.Select(group => group.Key)], [.. bins.Select(group => (long)group.Count())]);
    }
}
