using System.Collections.Concurrent;

namespace RetrainLoop.Inference.Deployments;

/// <summary>The first names that callers used, up to a number; what comes later, or is too long, is <c>other</c>.</summary>
sealed class BoundedNames(int most)
{
    readonly ConcurrentDictionary<string, byte> known = [];
    readonly Lock adding = new();
    volatile bool full;

    public string Of(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return SeriesNames.Unknown;
        if (known.ContainsKey(name)) return name;
        if (full || name.Length > SeriesNames.LongestName) return SeriesNames.Other;
        lock (adding)
        {
            if (known.ContainsKey(name)) return name;
            if (known.Count >= most)
            {
                full = true;
                return SeriesNames.Other;
            }
            known.TryAdd(name, 0);
            return name;
        }
    }
}
