using System.Text;

namespace RetrainLoop.Inference.Deployments;

/// <summary>
/// Splits traffic by a hash of deployment and frame: a frame sent twice meets the same model, and raising the weight moves nobody back.
/// FNV-1a over UTF-8, finished by MurmurHash3's 64-bit mixer, because FNV alone is uneven in its high bits.
/// </summary>
static class TrafficSplit
{
    /// <param name="weight">Share of keys in [0, 1] that the candidate answers.</param>
    public static bool TakesCandidate(string deployment, string key, double weight) => Position(deployment, key) < weight;

    /// <summary>A key's place in [0, 1), uniform over keys.</summary>
    internal static double Position(string deployment, string key)
    {
        var hash = Append(Append(14695981039346656037, deployment), "/");
        hash = Append(hash, key);
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccd;
        hash ^= hash >> 33;
        hash *= 0xc4ceb9fe1a85ec53;
        hash ^= hash >> 33;
        return (hash >> 11) * (1.0 / (1UL << 53));
    }

    static ulong Append(ulong hash, string text)
    {
        Span<byte> bytes = stackalloc byte[256];
        for (var at = 0; at < text.Length; at += 64)
        {
            var length = Encoding.UTF8.GetBytes(text.AsSpan(at, Math.Min(64, text.Length - at)), bytes);
            foreach (var value in bytes[..length]) hash = (hash ^ value) * 1099511628211;
        }
        return hash;
    }
}
