using Microsoft.Extensions.Options;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Tests.ServiceDefaults.Blobs;

public sealed class S3StorageTests(S3Server server) : BlobStorageContract, IClassFixture<S3Server>
{
    readonly List<S3Storage> opened = [];

    public override ValueTask InitializeAsync()
    {
        if (server.Missing is { } why) Assert.Skip(why);
        return base.InitializeAsync();
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var storage in opened) storage.Dispose();
        return base.DisposeAsync();
    }

    // Each has a folder of its own, so that what another replica reads really comes from the server.
    protected override IBlobStorage Open(string service = "Labeling") => Open(service, 1000);

    [Fact]
    public async Task FindFileAsync_CacheOverItsBound_DropsTheOldestCopyAndFetchesItAgain()
    {
        var storage = Open("Inference", 1);
        var (first, bytes) = await TakeAsync(storage, 600_000);
        await TakeAsync(storage, 700_000);
        Assert.Single(Directory.GetFiles(Work, "*", SearchOption.AllDirectories));
        Assert.Equal(bytes, await File.ReadAllBytesAsync((await storage.FindFileAsync(first, default))!));
    }

    [Fact]
    public async Task TakeAsync_LargeFile_ComesBackWhole()
    {
        var (sha256, bytes) = await TakeAsync(Open(), 20_000_000);
        Assert.Equal(bytes, await File.ReadAllBytesAsync((await Open().FindFileAsync(sha256, default))!));
    }

    [Fact]
    public async Task HasAsync_WrongKeyOrNoServer_IsAnErrorAndNotAbsence()
    {
        await Assert.ThrowsAsync<BlobStorageException>(() => TakeAsync(Open("Labeling", 1000, accessKey: "nobody"), 10));
        await Assert.ThrowsAsync<BlobStorageException>(
            () => Open("Labeling", 1000, "http://127.0.0.1:9").FindFileAsync(new string('0', 64), default));
    }

    S3Storage Open(string service, long cacheMegabytes, string? endpoint = null, string accessKey = S3Server.AccessKey)
    {
        opened.Add(new S3Storage(Options.Create(new BlobOptions
        {
            Kind = BlobStorageKind.S3, Root = Path.Combine(Work, $"cache-{opened.Count}"), Endpoint = endpoint ?? server.Endpoint, Bucket = S3Server.Bucket,
            Prefix = $"{Path.GetFileName(Work)}/", AccessKey = accessKey, SecretKey = S3Server.SecretKey, CacheMegabytes = cacheMegabytes,
        }), new NamedService(service), TimeProvider.System));
        return opened[^1];
    }
}
