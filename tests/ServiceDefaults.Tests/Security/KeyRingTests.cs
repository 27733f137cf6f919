using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Tests.ServiceDefaults.Security;

public sealed class KeyRingTests
{
    static KeySnapshot Snapshot(long revision, params string[] keys) => new(revision, DateTimeOffset.UnixEpoch,
        [.. keys.Select(key => new KeyEntry(Guid.NewGuid(), key, KeyRing.HashOf(key), AccessRole.Viewer, []))]);

    [Fact]
    public void Find_NoSnapshotYet_IsNull() => Assert.Null(new KeyRing().Find("a"));

    [Fact]
    public void Apply_HigherRevisionWithoutKey_RevokesIt()
    {
        var ring = new KeyRing();
        ring.Apply(Snapshot(1, "a", "b"));
        Assert.True(ring.Apply(Snapshot(2, "b")));
        Assert.Null(ring.Find("a"));
        Assert.Equal("b", ring.Find("b")?.Name);
    }

    [Fact]
    public void Apply_LowerRevision_IsIgnored()
    {
        var ring = new KeyRing();
        ring.Apply(Snapshot(2, "b"));
        Assert.False(ring.Apply(Snapshot(1, "a", "b")));
        Assert.Null(ring.Find("a"));
    }
}
