using System.Runtime.InteropServices;

namespace RetrainLoop.Monitor.Statistics;

/// <summary>
/// Sorts numbers by their bits, least significant digit first: a large sample takes a few passes over memory instead of n log n comparisons that
/// no processor can predict. Bits of a double ascend with its value once those of negative ones are inverted and the sign of the others is set.
/// </summary>
static class RadixSort
{
    const int DigitBits = 11, Digits = 6, Buckets = 1 << DigitBits;
    const int WorthIt = 2_000;

    /// <summary>A sorted copy. NaN must not occur; -0.0 comes before 0.0.</summary>
    public static double[] Ascending(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        if (sorted.Length < WorthIt) Array.Sort(sorted);
        else SortLarge(sorted);
        return sorted;
    }

    static void SortLarge(double[] values)
    {
        var keys = MemoryMarshal.Cast<double, ulong>(values.AsSpan());
        var counts = new int[Digits * Buckets];
        for (var i = 0; i < keys.Length; i++)
        {
            var bits = keys[i];
            var key = bits ^ ((ulong)((long)bits >> 63) | (1UL << 63));
            keys[i] = key;
            for (var digit = 0; digit < Digits; digit++) counts[digit * Buckets + DigitOf(key, digit)]++;
        }
        Span<ulong> from = keys, to = new ulong[keys.Length];
        for (var digit = 0; digit < Digits; digit++)
        {
            var own = counts.AsSpan(digit * Buckets, Buckets);
            if (own.Contains(keys.Length)) continue; // all values share it
            Scatter(from, to, own, digit);
            var swap = from;
            from = to;
            to = swap;
        }
        for (var i = 0; i < from.Length; i++)
        {
            var key = from[i];
            keys[i] = key ^ (~(ulong)((long)key >> 63) | (1UL << 63));
        }
    }

    static void Scatter(ReadOnlySpan<ulong> from, Span<ulong> to, Span<int> counts, int digit)
    {
        var next = 0;
        for (var bucket = 0; bucket < counts.Length; bucket++) (counts[bucket], next) = (next, next + counts[bucket]);
        foreach (var key in from) to[counts[DigitOf(key, digit)]++] = key;
    }

    static int DigitOf(ulong key, int digit) => (int)(key >> (digit * DigitBits)) & (Buckets - 1);
}
