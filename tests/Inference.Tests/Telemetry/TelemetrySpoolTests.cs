using RetrainLoop.Inference.Telemetry;

namespace RetrainLoop.Tests.Inference.Telemetry;

public sealed class TelemetrySpoolTests : IDisposable
{
    static readonly DateTimeOffset Boot = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    readonly string root = Directory.CreateTempSubdirectory("retrainloop-spool-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task New_AfterADeadProcess_ReplaysItsBatchesFirst()
    {
        using (var dead = Open(Boot)) for (var i = 1; i <= 11; i++) await dead.AddAsync(i, new[] { (byte)i }, default);
        using var spool = Open(Boot.AddMinutes(1));
        await spool.AddAsync(1, new byte[] { 100 }, default);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 100], await DrainAsync(spool));
    }

    [Fact]
    public async Task New_BesideALiveProcess_LeavesItsBatches()
    {
        using var live = Open(Boot);
        await live.AddAsync(1, new byte[] { 1 }, default);
        using var other = Open(Boot.AddMinutes(1));
        Assert.True(other.IsEmpty);
        Assert.Equal([1], await DrainAsync(live));
    }

    [Fact]
    public async Task New_AfterAKillWhileWriting_SkipsTheUnfinishedBatch()
    {
        using (var dead = Open(Boot))
        {
            await dead.AddAsync(1, new byte[] { 1 }, default);
            await File.WriteAllBytesAsync(Path.Combine(Directory.GetDirectories(root).Single(), "000000000002.batch.part"), [2]);
        }
        using (var spool = Open(Boot.AddMinutes(1))) Assert.Equal([1], await DrainAsync(spool));
        Assert.Empty(Directory.GetFileSystemEntries(root));
    }

    [Fact]
    public async Task OldestAsync_FileRemovedBySomebody_IsNullAndDoesNotStopTheRest()
    {
        using var spool = Open(Boot);
        for (var i = 1; i <= 2; i++) await spool.AddAsync(i, new[] { (byte)i }, default);
        File.Delete(Directory.GetFiles(root, "*1.batch", SearchOption.AllDirectories).Single());
        Assert.Null(await spool.OldestAsync(default));
        spool.RemoveOldest();
        Assert.Equal([2], await DrainAsync(spool));
    }

    [Fact]
    public async Task OldestAsync_FileEmptiedByAPowerCut_IsNullAndDoesNotStopTheRest()
    {
        using (var dead = Open(Boot)) for (var i = 1; i <= 2; i++) await dead.AddAsync(i, new[] { (byte)i }, default);
        File.WriteAllBytes(Directory.GetFiles(root, "*1.batch", SearchOption.AllDirectories).Single(), []);
        using var spool = Open(Boot.AddMinutes(1));
        Assert.Null(await spool.OldestAsync(default));
        spool.RemoveOldest();
        Assert.Equal([2], await DrainAsync(spool));
    }

    [Fact]
    public async Task AddAsync_OverTheBound_DropsTheOldest()
    {
        using var spool = Open(Boot, maxBytes: 25);
        var dropped = 0;
        for (var i = 1; i <= 4; i++) dropped += await spool.AddAsync(i, Enumerable.Repeat((byte)i, 10).ToArray(), default);
        Assert.Equal(2, dropped);
        Assert.Equal([3, 4], await DrainAsync(spool));
    }

    TelemetrySpool Open(DateTimeOffset at, long maxBytes = 1000) => new(root, Guid.NewGuid(), at, maxBytes);

    static async Task<List<int>> DrainAsync(TelemetrySpool spool)
    {
        var batches = new List<int>();
        for (; !spool.IsEmpty; spool.RemoveOldest()) batches.Add((await spool.OldestAsync(default))![0]);
        return batches;
    }
}
