using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Tests.ServiceDefaults.Blobs;

public sealed class BlobStoreTests : IDisposable
{
    static readonly byte[] Bytes = [1, 2, 3, 4];
    static readonly string Sha256 = Convert.ToHexStringLower(SHA256.HashData(Bytes));
    readonly string root = Directory.CreateTempSubdirectory().FullName;

    IOptions<BlobOptions> Blobs => Options.Create(new BlobOptions { Root = root });

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task PutAsync_SameBytesTwice_KeepsOneFileAndNoLeftover()
    {
        var store = Store();
        var first = await store.PutAsync(Bytes, default);
        var second = await store.PutAsync(new MemoryStream(Bytes), default);
        Assert.Equal(new ArtifactRef($"http://labeling/v1/blobs/{Sha256}", Sha256, 4), first);
        Assert.Equal(first, second);
        Assert.Equal([await store.FileOfAsync(Sha256, default)], Directory.GetFiles(root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task FetchAsync_BytesDifferFromThePromise_AreRefusedAndNotKept()
    {
        var store = Store(served: [9, 9]);
        await Assert.ThrowsAsync<InvalidDataException>(() => store.FetchAsync(new ArtifactRef("http://inference/v1/blobs/x", Sha256, 4), default));
        Assert.Empty(Directory.GetFiles(root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task FetchAsync_AnotherService_CopiesUnderOwnAddress()
    {
        var copy = await Store(served: Bytes).FetchAsync(new ArtifactRef("http://inference/v1/blobs/x", Sha256, 4), default);
        Assert.Equal($"http://labeling/v1/blobs/{Sha256}", copy.Uri);
    }

    [Theory]
    [InlineData("http://elsewhere.example/v1/blobs/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("no uri")]
    public async Task OpenRemoteAsync_HostOutsideTheStack_IsRefused(string uri) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Store(served: Bytes).OpenRemoteAsync(uri, default));

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("ABCD")]
    public async Task OpenReadAsync_NoHash_IsNull(string name) => Assert.Null(await Store().OpenReadAsync(name, default));

    BlobStore Store(byte[]? served = null) => new(
        new FolderStorage(Blobs), Blobs, new NamedService("Labeling"), new Http(served ?? []),
        new ConfigurationBuilder().AddInMemoryCollection([new("services:inference:http:0", "http://127.0.0.1")]).Build());

    sealed class Http(byte[] served) : HttpMessageHandler, IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new ByteArrayContent(served) });
    }
}
