using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Tests.Labeling;

/// <summary>The service on a fresh database, with a clock that stands still, and the calls that the other services make.</summary>
public class LabelingService(PostgresServer postgres) : IAsyncLifetime
{
    public const string Line = "line";
    public static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    static readonly ModelRef Model = new("line", 1);
    ServiceUnderTest<Program> service = null!;

    public FakeTimeProvider Time { get; } = new(Noon);
    public HttpClient Http { get; private set; } = null!;
    public IServiceProvider Services => service.Services;
    public BlobStore Blobs => Services.GetRequiredService<BlobStore>();
    public NpgsqlDataSource Database => Services.GetRequiredService<NpgsqlDataSource>();

    protected virtual (string Key, string Value)[] Settings => [];

    public virtual async ValueTask InitializeAsync()
    {
        var settings = ServiceUnderTest<Program>.Settings("labelingdb", await postgres.CreateDatabaseAsync(), "127.0.0.1:1,connectTimeout=100", Settings);
        service = new ServiceUnderTest<Program>(settings, Time);
        Http = service.CreateStackClient();
        await PublishDeploymentAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await service.DisposeAsync();
    }

    public HttpClient ClientOf(string person)
    {
        var client = service.CreateStackClient();
        client.DefaultRequestHeaders.Add("X-Acting-User", person);
        return client;
    }

    public async Task PublishDeploymentAsync(double slotSeconds = 600, double evaluationShare = 0, string name = Line) =>
        await OkAsync(await Http.PutAsJsonAsync($"/v1/deployments/{name}", new LabelingDeployment(["washer", "nut"], "Europe/Berlin", slotSeconds, evaluationShare), ContractJson.Options));

    public async Task<SampledFrame> FrameAsync(int seed, SampleReason reason = SampleReason.Random, string camera = "cam-1", DateTimeOffset? at = null, byte[]? bytes = null) => new(
        Guid.NewGuid(), Line, $"frame-{seed}", "emea", camera, at ?? Noon, reason, Model, await Blobs.PutAsync(bytes ?? Pictures.Jpeg(seed), default),
        Pictures.Width, Pictures.Height, [], null, new ImageStatistics(0, 0, 0), Noon);

    public async Task<SampleIntakeResult> TakeInAsync(params SampledFrame[] frames) =>
        await ReadAsync<SampleIntakeResult>(await Http.PostAsJsonAsync("/v1/samples", new SampleIntake(frames), ContractJson.Options));

    public async Task<int> PreAnnotateAsync(string key, params (Guid Frame, Detection[] Detections)[] images)
    {
        var artifact = new DetectionsArtifact(Model, ["nut", "washer"], [.. images.Select(image =>
            new ImageDetections(image.Frame.ToString(), Pictures.Width, Pictures.Height, image.Detections, [0.5f, 1f]))]);
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await JsonSerializer.SerializeAsync(gzip, artifact, ContractJson.Options);
        var file = await Blobs.PutAsync(packed.ToArray(), default);
        var response = await Http.PostAsJsonAsync("/v1/pre-annotations", new PreAnnotation(key, Line, Model, file), ContractJson.Options);
        return (await ReadAsync<JsonElement>(response)).GetProperty("tasks").GetInt32();
    }

    public static Detection Nut(float confidence, float x = 10) => new(0, "nut", confidence, x, 10, 20, 20);

    /// <summary>Takes frames in and makes a task of each.</summary>
    public async Task<Guid[]> MakeTasksAsync(params (SampledFrame Frame, Detection[] Detections)[] frames)
    {
        var result = await TakeInAsync([.. frames.Select(frame => frame.Frame)]);
        Assert.Equal(frames.Length, result.Accepted);
        Assert.Equal(frames.Length, await PreAnnotateAsync(Guid.NewGuid().ToString(), [.. frames.Select(frame => (frame.Frame.Id, frame.Detections))]));
        return [.. frames.Select(frame => frame.Frame.Id)];
    }

    public async Task<LabelTask?> ClaimAsync(HttpClient? client = null)
    {
        var response = await (client ?? Http).PostAsJsonAsync("/v1/tasks/claim", new ClaimRequest(Line), ContractJson.Options);
        return response.StatusCode == HttpStatusCode.NoContent ? null : await ReadAsync<LabelTask>(response);
    }

    public Task<HttpResponseMessage> SubmitAsync(LabelTask task, IReadOnlyList<LabelBox> boxes, HttpClient? client = null, string? tag = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/tasks/{task.Id}/submit") { Content = JsonContent.Create(new LabelSubmission(task.Lease!.Value, boxes), options: ContractJson.Options) };
        request.Headers.Add("If-Match", tag ?? task.ETag);
        return (client ?? Http).SendAsync(request);
    }

    public Task<HttpResponseMessage> SaveDraftAsync(LabelTask task, IReadOnlyList<LabelBox> boxes, HttpClient? client = null) =>
        (client ?? Http).PutAsJsonAsync($"/v1/tasks/{task.Id}/draft", new LabelSubmission(task.Lease!.Value, boxes), ContractJson.Options);

    /// <summary>Labels every waiting task with one box.</summary>
    public async Task LabelAllAsync()
    {
        while (await ClaimAsync() is { } task) await OkAsync(await SubmitAsync(task, [new LabelBox(0, 10, 10, 30, 20)]));
    }

    public async Task<T> GetAsync<T>(string path) => await ReadAsync<T>(await Http.GetAsync(path));

    public async Task<HttpResponseMessage> PostAsync<T>(string path, T body) => await Http.PostAsJsonAsync(path, body, ContractJson.Options);

    /// <summary>Waits until the feed has so many: it shows a change once every older transaction of the server, other tests' included, has ended.</summary>
    public async Task<IReadOnlyList<Change>> ChangesAsync(string kind, int count)
    {
        IReadOnlyList<Change> changes = [];
        await Eventually.TrueAsync(async () => (changes = (await GetAsync<ChangePage>($"/v1/changes?after={ChangeFeed.Start}&kinds={kind}")).Changes).Count >= count, $"the feed has {count} {kind}");
        return changes;
    }

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response)
    {
        await OkAsync(response);
        return (await response.Content.ReadFromJsonAsync<T>(ContractJson.Options))!;
    }

    public static async Task OkAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode) Assert.Fail($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>The detail of a refusal.</summary>
    public static async Task<string> RefusedAsync(HttpStatusCode status, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString()!;
    }
}
