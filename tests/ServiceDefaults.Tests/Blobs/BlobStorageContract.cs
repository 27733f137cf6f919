using System.Security.Cryptography;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Tests.ServiceDefaults.Blobs;

/// <summary>What every storage of blobs does. Each implementation runs all of it.</summary>
public abstract class BlobStorageContract : IAsyncLifetime
{
    readonly string work = Directory.CreateTempSubdirectory("retrainloop-blob-contract-").FullName;

    /// <summary>A folder that lasts as long as the test.</summary>
    protected string Work => work;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        Directory.Delete(work, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The storage of a service; two of one service see the same bytes.</summary>
    protected abstract IBlobStorage Open(string service = "Labeling");

    [Fact]
    public async Task TakeAsync_NewBytes_CanBeReadByThisAndAnotherReplica()
    {
        var storage = Open();
        var (sha256, bytes) = await TakeAsync(storage, 300_000);
        foreach (var replica in new[] { storage, Open() })
        {
            Assert.True(await replica.HasAsync(sha256, default));
            Assert.Equal(bytes, await File.ReadAllBytesAsync((await replica.FindFileAsync(sha256, default))!));
        }
    }

    [Fact]
    public async Task TakeAsync_FileOfTheCaller_IsGoneAfterwards()
    {
        await TakeAsync(Open(), 10);
        Assert.Empty(Directory.GetFiles(work, ".*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task TakeAsync_SameBytesTwice_KeepsThem()
    {
        var storage = Open();
        var (sha256, _) = await TakeAsync(storage, 1000, seed: 1);
        Assert.Equal(sha256, (await TakeAsync(storage, 1000, seed: 1)).Sha256);
        Assert.NotNull(await storage.FindFileAsync(sha256, default));
    }

    [Fact]
    public async Task FindFileAsync_NoSuchBytes_IsNull()
    {
        var storage = Open();
        Assert.Null(await storage.FindFileAsync(new string('0', 64), default));
        Assert.False(await storage.HasAsync(new string('0', 64), default));
        await storage.DeleteAsync(new string('0', 64), default); // nothing happens
    }

    [Fact]
    public async Task DeleteAsync_Bytes_AreGoneAndAnOpenReaderGoesOn()
    {
        var storage = Open();
        var (sha256, bytes) = await TakeAsync(storage, 5000);
        await using var reader = new FileStream((await storage.FindFileAsync(sha256, default))!, FileMode.Open, FileAccess.Read,
            FileShare.Read | FileShare.Delete);
        await storage.DeleteAsync(sha256, default);
        Assert.False(await storage.HasAsync(sha256, default));
        Assert.Null(await storage.FindFileAsync(sha256, default));
        var read = new byte[bytes.Length];
        await reader.ReadExactlyAsync(read);
        Assert.Equal(bytes, read);
    }

    [Fact]
    public async Task TakeAsync_EmptyFile_IsKept()
    {
        var storage = Open();
        var (sha256, _) = await TakeAsync(storage, 0);
        Assert.Equal(0, new FileInfo((await storage.FindFileAsync(sha256, default))!).Length);
    }

    [Fact]
    public async Task HasAsync_AnotherServicesBytes_AreNotThere()
    {
        var (sha256, _) = await TakeAsync(Open("Labeling"), 100);
        Assert.False(await Open("Training").HasAsync(sha256, default));
    }

    protected async Task<(string Sha256, byte[] Bytes)> TakeAsync(IBlobStorage storage, int length, int? seed = null)
    {
        var bytes = new byte[length];
        new Random(seed ?? length).NextBytes(bytes);
        var file = Path.Combine(work, $".{Guid.NewGuid():N}.part");
        await File.WriteAllBytesAsync(file, bytes);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await storage.TakeAsync(sha256, file, default);
        return (sha256, bytes);
    }
}
