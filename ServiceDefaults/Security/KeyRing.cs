using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace RetrainLoop.ServiceDefaults.Security;

/// <summary>The valid API keys as this process knows them. Reading is lock-free; a lower revision never replaces a higher one.</summary>
public sealed class KeyRing
{
    sealed record State(KeySnapshot Snapshot, FrozenDictionary<string, KeyEntry> ByHash);

    State? state;

    /// <summary>Null until the first snapshot arrives.</summary>
    public KeySnapshot? Snapshot => Volatile.Read(ref state)?.Snapshot;

    /// <summary>Takes a snapshot over unless a higher revision is here already.</summary>
    /// <returns>False when it was older and ignored.</returns>
    public bool Apply(KeySnapshot snapshot)
    {
        var next = new State(snapshot, snapshot.Keys.ToFrozenDictionary(key => key.Sha256, StringComparer.Ordinal));
        while (true)
        {
            var current = Volatile.Read(ref state);
            if (current is not null && current.Snapshot.Revision > snapshot.Revision) return false;
            if (Interlocked.CompareExchange(ref state, next, current) == current) return true;
        }
    }

    /// <summary>The entry of a bearer key, or null when it is unknown or revoked.</summary>
    public KeyEntry? Find(string key) => Volatile.Read(ref state)?.ByHash.GetValueOrDefault(HashOf(key));

    /// <summary>What a snapshot stores of a key.</summary>
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
