using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RetrainLoop.Tests.Monitor.Api;

/// <summary>Serves bytes as Inference and Labeling would, on a port of its own.</summary>
sealed class NeighbourServices : IAsyncDisposable
{
    readonly Dictionary<string, byte[]> files = [];
    readonly WebApplication app;

    NeighbourServices(WebApplication app)
    {
        this.app = app;
        app.MapGet("/v1/deployments/{deployment}/embeddings", (DateTimeOffset from, DateTimeOffset to, int limit) =>
        {
            EmbeddingLimit = limit;
            return Embeddings is { } embeddings ? Results.Json(embeddings(from, to), ContractJson.Options) : Results.StatusCode(503);
        });
        app.MapGet("/{**path}", (string path) => files.TryGetValue(path, out var bytes) ? Results.Bytes(bytes) : Results.NotFound());
    }

    /// <summary>Embeddings of frames answered in [from, to); null = Inference is away.</summary>
    public Func<DateTimeOffset, DateTimeOffset, IEnumerable<FrameEmbedding>>? Embeddings { get; set; }

    /// <summary>How many embeddings were asked for last.</summary>
    public int EmbeddingLimit { get; private set; }

    public string Address => app.Urls.Single();

    public static async Task<NeighbourServices> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var services = new NeighbourServices(builder.Build());
        await services.app.StartAsync();
        return services;
    }

    public string Add<T>(string host, string path, T document)
    {
        files[path] = JsonSerializer.SerializeToUtf8Bytes(document, ContractJson.Options);
        return $"http://{host}/{path}";
    }

    public ArtifactRef AddArtifact(DetectionsArtifact artifact)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest)) JsonSerializer.Serialize(gzip, artifact, ContractJson.Options);
        var bytes = buffer.ToArray();
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        files[$"v1/blobs/{sha256}"] = bytes;
        return new ArtifactRef($"http://inference/v1/blobs/{sha256}", sha256, bytes.Length);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
