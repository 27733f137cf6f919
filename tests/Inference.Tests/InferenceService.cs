using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Tests.Inference;

/// <summary>Inference in this process with a database of its own. Monitor is the only thing that is played: it keeps what it is sent.</summary>
public sealed class InferenceService(PostgresServer postgres, RedisServer redis) : IAsyncDisposable
{
    readonly List<ServiceUnderTest<Program>> services = [];
    string? database;
    int blobFaults, blobReads;

    public string Database => database!;

    public MonitorDouble Monitor { get; } = new();

    /// <summary>How writing blobs fails, if it does.</summary>
    public Exception? BlobFault { get; set; }

    /// <summary>Comes before a blob is read: it may wait, or throw.</summary>
    public Func<string, Task> BlobReading { get; set; } = _ => Task.CompletedTask;

    /// <summary>How often writing failed.</summary>
    public int BlobFaults => Volatile.Read(ref blobFaults);

    /// <summary>How often blobs were read.</summary>
    public int BlobReads => Volatile.Read(ref blobReads);

    /// <summary>What the next reading of a blob waits for; once.</summary>
    public Task? NextBlobRead { get; set; }

    /// <summary>Warnings and errors of all replicas.</summary>
    public RecordedLog Log { get; } = new();

    /// <summary>The last started replica.</summary>
    public ServiceUnderTest<Program> Service => services[^1];

    /// <summary>Starts a replica; all replicas of this object share the database.</summary>
    public async Task<HttpClient> StartAsync(params (string Key, string Value)[] settings)
    {
        database ??= await postgres.CreateDatabaseAsync();
        return Create(settings).CreateStackClient();
    }

    /// <summary>Starts a replica that listens on a port, for what needs real HTTP: broken requests, other programs.</summary>
    public async Task<HttpClient> ListenAsync(params (string Key, string Value)[] settings)
    {
        database ??= await postgres.CreateDatabaseAsync();
        var service = Create(settings);
        service.UseKestrel(0);
        service.StartServer();
        return service.CreateStackClient();
    }

    /// <summary>Stops the last started replica.</summary>
    public async Task StopAsync()
    {
        await Service.DisposeAsync();
        services.Remove(Service);
    }

    /// <summary>Uploads a model file under a name.</summary>
    public static async Task<ModelVersionInfo> RegisterAsync(HttpClient client, string name, byte[] onnx, ModelSpec? spec = null)
    {
        using var form = new MultipartFormDataContent { { new StringContent(name), "name" }, { new ByteArrayContent(onnx), "file", "model.onnx" } };
        if (spec is not null) form.Add(new StringContent(JsonSerializer.Serialize(spec, ContractJson.Options)), "spec");
        return await ReadAsync<ModelVersionInfo>(await client.PostAsync("/v1/models", form));
    }

    public static async Task<DeploymentInfo> DeployAsync(HttpClient client, string name, DeploymentRequest request) =>
        await ReadAsync<DeploymentInfo>(await client.PutAsJsonAsync($"/v1/deployments/{name}", request, ContractJson.Options));

    public static HttpRequestMessage Predict(string deployment, byte[] image, string query = "", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/deployments/{deployment}/predict{query}") {
            Content = new ByteArrayContent(image) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return request;
    }

    /// <summary>Changes of some kinds, once there are this many: the feed waits for transactions of other databases on the test server too.</summary>
    public static Task<IReadOnlyList<Change>> ChangesAsync(HttpClient client, string kinds, int count) => Eventually.NotNullAsync(async () =>
        await ReadAsync<ChangePage>(await client.GetAsync($"/v1/changes?kinds={kinds}")) is var page && page.Changes.Count >= count ? page.Changes
            : null, $"{count} changes are published");

    /// <summary>The body of an answer that must be a success.</summary>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {body}");
        return JsonSerializer.Deserialize<T>(body, ContractJson.Options)!;
    }

    /// <summary>The sentence of a refusal.</summary>
    public static async Task<string> RefusalAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString()!;
    }

    Exception? FailBlob()
    {
        if (BlobFault is { } fault) Interlocked.Increment(ref blobFaults);
        return BlobFault;
    }

    async Task BlobReadAsync(string sha256)
    {
        Interlocked.Increment(ref blobReads);
        var wait = NextBlobRead ?? Task.CompletedTask;
        NextBlobRead = null;
        await BlobReading(sha256);
        await wait;
    }

    ServiceUnderTest<Program> Create((string Key, string Value)[] settings)
    {
        services.Add(new ServiceUnderTest<Program>(
            ServiceUnderTest<Program>.Settings("inferencedb", database!, redis.ConnectionString, settings), services: collection =>
            {
                collection.AddHttpClient("monitor").ConfigurePrimaryHttpMessageHandler(() => Monitor);
                collection.AddSingleton<IBlobStorage>(
                    provider => new FaultyStorage(ActivatorUtilities.CreateInstance<FolderStorage>(provider), FailBlob, BlobReadAsync));
                collection.AddSingleton<ILoggerProvider>(Log);
            }));
        return Service;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services) await service.DisposeAsync();
    }
}

/// <summary>Monitor's telemetry intake, which can be away.</summary>
public sealed class MonitorDouble : HttpMessageHandler
{
    public ConcurrentQueue<TelemetryBatch> Batches { get; } = new();

    public ReplayDouble Replays { get; } = new();

    public bool IsAway { get; set; }

    /// <summary>How calls about replays fail, if they do.</summary>
    public Func<Exception>? ReplayFault { get; set; }

    /// <summary>Takes the next batch, but its answer is lost on the way.</summary>
    public bool LosesNextAnswer { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsAway) throw new HttpRequestException("Monitor is away.");
        if (request.RequestUri!.AbsolutePath.StartsWith("/v1/replays/", StringComparison.Ordinal))
            return ReplayFault is { } fault ? throw fault() : await Replays.AnswerAsync(request, cancellationToken);
        Batches.Enqueue(TelemetryBatchReader.Decode(await request.Content!.ReadAsByteArrayAsync(cancellationToken)));
        if (LosesNextAnswer)
        {
            LosesNextAnswer = false;
            throw new HttpRequestException("The connection broke.");
        }
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(new TelemetryAck(false)) };
    }
}
