namespace RetrainLoop.Monitor.Evaluations;

/// <summary>Index sorts that keep the input order of equal keys, as numpy's mergesort does.</summary>
static class StableOrder
{
    /// <summary>Indices into <paramref name="keys"/> in ascending order of key. The keys are sorted along.</summary>
    public static int[] Ascending<T>(T[] keys) where T : IEquatable<T>
    {
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(keys, order);
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && keys[end].Equals(keys[start]); end++) ;
            if (end - start > 1) Array.Sort(order, start, end - start);
        }
        return order;
    }
}
