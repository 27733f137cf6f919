using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Tests.Inference.DetectionJobs;

public sealed class DetectionJobTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    readonly string blobs = Directory.CreateTempSubdirectory("retrainloop-blobs-").FullName;
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await StartAsync();
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create());
    }

    public async ValueTask DisposeAsync()
    {
        await inference.DisposeAsync();
        Directory.Delete(blobs, recursive: true);
    }

    [Fact]
    public async Task Post_Images_GivesOneArtifactWithDetectionsEmbeddingsAndErrors()
    {
        var images = new List<ManifestImage> { new("dark", await PutAsync(TestImage.Gray(51))), new("text", await PutAsync("no image"u8.ToArray())) };
        images.Add(new ManifestImage("gone", images[0].Image with { Sha256 = new string('0', 64), Uri = "http://elsewhere/x" }));
        var job = await FinishedAsync(await AddAsync("a", images));
        Assert.Equal((DetectionJobState.Succeeded, 3, 3), (job.State, job.Done, job.Total));
        Assert.Equal(job.Id, (await AddAsync("a", images)).Id); // the same key
        var artifact = await ReadAsync(job);
        Assert.Equal(["dark", "text", "gone"], artifact.Images.Select(image => image.Key));
        Assert.Equal([0.8f, 0.2f], artifact.Images[0].Detections.Select(detection => MathF.Round(detection.Confidence, 2)));
        Assert.Equal(2, artifact.Images[0].Embedding!.Count);
        Assert.Contains("a text file", artifact.Images[1].Error);
        Assert.Contains("not on a service of this stack", artifact.Images[2].Error);
        var change = Assert.Single(await InferenceService.ChangesAsync(client, "detection-job.finished", 1));
        Assert.Equal(job.Result, change.Read<DetectionJobInfo>().Result);
    }

    [Fact]
    public async Task Run_ServiceStoppedInTheMiddle_IsResumedByAnotherBeforeTheLeaseRunsOut()
    {
        await inference.StopAsync();
        client = await StartAsync(("DetectionJobs:LeaseSeconds", "3600"));
        var image = await PutAsync(TestImage.Gray(51));
        var job = await AddAsync("long", [.. Enumerable.Range(0, 600).Select(number => new ManifestImage($"{number}", image))]);
        var doneBefore = 0;
        await Eventually.TrueAsync(async () => (doneBefore = (await GetAsync(job.Id)).Done) >= 20, "the job is under way");
        await inference.StopAsync();
        client = await StartAsync();
        Assert.True((await GetAsync(job.Id)).Done >= doneBefore, "finished chunks were lost");
        var finished = await FinishedAsync(job);
        Assert.Equal((DetectionJobState.Succeeded, 600), (finished.State, finished.Done));
        Assert.Equal(600, (await ReadAsync(finished)).Images.Select(result => result.Key).Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // begun by the build before, which did not keep the size
    public async Task Run_ChunkSizeChangedInTheMiddle_NeitherLosesNorRepeatsImages(bool isKept)
    {
        var image = await PutAsync(TestImage.Gray(51));
        var job = await AddAsync("changed", [.. Enumerable.Range(0, 1000).Select(number => new ManifestImage($"{number}", image))]);
        await Eventually.TrueAsync(async () => (await GetAsync(job.Id)).Done >= 20, "the job is under way");
        await inference.StopAsync();
        await using (var database = NpgsqlDataSource.Create(inference.Database))
        await using (var forget = database.CreateCommand("update detection_jobs set chunk_size = null"))
            if (!isKept) await forget.ExecuteNonQueryAsync();
        client = await StartAsync(("DetectionJobs:ChunkSize", "7"));
        Assert.InRange((await GetAsync(job.Id)).Done, 20, 999);
        var finished = await FinishedAsync(job);
        Assert.Equal((DetectionJobState.Succeeded, 1000), (finished.State, finished.Done));
        Assert.Equal(Enumerable.Range(0, 1000).Select(number => $"{number}"), (await ReadAsync(finished)).Images.Select(result => result.Key));
    }

    [Fact]
    public async Task Run_ProcessKilledInTheMiddle_IsResumedWithoutRepeatingChunks()
    {
        await inference.StopAsync();
        var data = Directory.CreateDirectory(Path.Combine(blobs, "data")).FullName;
        DetectionJobInfo job, killed;
        await using (var process = await InferenceProcess.StartAsync(inference.Database, redis, data, Settings))
        {
            client = process.Client;
            // A blob is known by its hash: any running service of this blob folder may have put it there.
            await InferenceService.RegisterAsync(client, "other", TinyModel.Create(variant: 1));
            var image = await ImageAsync(process.Client);
            job = await AddAsync("killed", [.. Enumerable.Range(0, 2000).Select(number => new ManifestImage($"{number}", image))]);
            await Eventually.TrueAsync(async () => (await GetAsync(job.Id)).Done >= 20, "the job is under way");
            process.Kill();
        }
        client = await StartAsync();
        killed = await GetAsync(job.Id);
        Assert.True(killed.State == DetectionJobState.Running && killed.Done is >= 20 and < 2000, $"{killed.State} {killed.Done}");
        var finished = await FinishedAsync(job);
        Assert.Equal((DetectionJobState.Succeeded, 2000), (finished.State, finished.Done));
        Assert.Equal(2000, (await ReadAsync(finished)).Images.Select(result => result.Key).Distinct().Count());
    }

    [Fact]
    public async Task Run_BlobStorageAway_FailsWithAdviceAndTheNextIsDone()
    {
        var images = new List<ManifestImage> { new("one", await PutAsync(TestImage.Gray(51))) };
        inference.BlobFault = new BlobStorageException("The blob storage does not answer.", null);
        var failed = await FinishedAsync(await AddAsync("away", images));
        Assert.Equal(DetectionJobState.Failed, failed.State);
        Assert.StartsWith("The blob storage does not answer. Check the storage", failed.Error);
        inference.BlobFault = null;
        Assert.Equal(DetectionJobState.Succeeded, (await FinishedAsync(await AddAsync("back", images))).State);
    }

    [Fact]
    public async Task Run_ModelThatStalls_FailsWithAdviceAndFreesTheWorker()
    {
        await inference.StopAsync();
        client = await StartAsync(("Execution:Workers", "2"), ("Execution:BackgroundLimitMs", "200"));
        await InferenceService.RegisterAsync(client, "slow", TinyModel.Create(products: 400));
        var images = new List<ManifestImage> { new("gate", await PutAsync(TestImage.Gray(51))) };
        var failed = await FinishedAsync(await AddAsync("stalls", images, "slow"));
        Assert.Equal(DetectionJobState.Failed, failed.State);
        Assert.Contains("slow v1 gave no result for gate within 0.2 s", failed.Error);
        Assert.Equal(DetectionJobState.Succeeded, (await FinishedAsync(await AddAsync("next", images))).State);
    }

    [Fact]
    public async Task Run_JobThatCannotBeRead_FailsWithAdviceAndTheNextIsDone()
    {
        var request = JsonSerializer.Serialize(new DetectionJobRequest("later", new ModelRef("tiny", 1), "test"), ContractJson.Options);
        await using var database = NpgsqlDataSource.Create(inference.Database);
        await using var add = database.CreateCommand(
            """
            insert into detection_jobs (id, key, request, images, state, total, created_at)
            values (gen_random_uuid(), 'later', $1::jsonb, '{"written": "by a later version"}', 'Queued', 1, now()) returning id
            """);
        add.Parameters.Add(new NpgsqlParameter { Value = request });
        var failed = await FinishedAsync(await GetAsync((Guid)(await add.ExecuteScalarAsync())!));
        Assert.Equal(DetectionJobState.Failed, failed.State);
        Assert.Contains("order the job again under another key", failed.Error);
        var next = await FinishedAsync(await AddAsync("next", [new ManifestImage("one", await PutAsync(TestImage.Gray(51)))]));
        Assert.Equal(DetectionJobState.Succeeded, next.State);
    }

    [Fact]
    public async Task Cancel_RunningJob_StopsIt()
    {
        var image = await PutAsync(TestImage.Gray(51));
        var job = await AddAsync("cancelled", [.. Enumerable.Range(0, 5000).Select(number => new ManifestImage($"{number}", image))]);
        var cancelled = await InferenceService.ReadAsync<DetectionJobInfo>(await client.PostAsync($"/v1/detection-jobs/{job.Id}/cancel", null));
        Assert.Equal(DetectionJobState.Cancelled, cancelled.State);
        var next = await FinishedAsync(await AddAsync("next", [new ManifestImage("one", image)])); // the worker is free again
        Assert.Equal((DetectionJobState.Succeeded, DetectionJobState.Cancelled), (next.State, (await GetAsync(job.Id)).State));
    }

    [Fact]
    public async Task Post_UnknownModelOrNoImages_IsRefused()
    {
        var response = await client.PostAsJsonAsync(
            "/v1/detection-jobs", new DetectionJobRequest("x", new ModelRef("none", 1), "test", Images: []), ContractJson.Options);
        Assert.Contains("none v1", await InferenceService.RefusalAsync(response, HttpStatusCode.UnprocessableEntity));
        Assert.Equal(HttpStatusCode.BadRequest,
            (await client.PostAsJsonAsync("/v1/detection-jobs", new DetectionJobRequest("x", new ModelRef("tiny", 1), "test"), ContractJson.Options))
            .StatusCode);
    }

    (string, string)[] Settings =>
        [("Blobs:Root", blobs), ("Telemetry:Enabled", "false"), ("DetectionJobs:ChunkSize", "4"), ("DetectionJobs:LeaseSeconds", "2"),
            ("DetectionJobs:PollSeconds", "0.2")];

    Task<HttpClient> StartAsync(params (string Key, string Value)[] settings) => inference.StartAsync([.. Settings, .. settings]);

    /// <summary>An image that the service got by sampling it.</summary>
    static async Task<ArtifactRef> ImageAsync(HttpClient client)
    {
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1, Sampling: new SamplingPolicy(RandomPerCameraHour: 1_000_000)));
        await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(51))));
        return (await Eventually.NotNullAsync(async () => (await InferenceService.ReadAsync<RetrainLoop.Inference.Sampling.FramePage>(
            await client.GetAsync("/v1/deployments/line/frames"))).Frames.FirstOrDefault(), "the frame is kept")).Image;
    }

    Task<ArtifactRef> PutAsync(byte[] bytes) => inference.Service.Services.GetRequiredService<BlobStore>().PutAsync(bytes, default);

    async Task<DetectionJobInfo> AddAsync(string key, List<ManifestImage> images, string model = "tiny") =>
        await InferenceService.ReadAsync<DetectionJobInfo>(await client.PostAsJsonAsync(
        "/v1/detection-jobs", new DetectionJobRequest(key, new ModelRef(model, 1), "test", Images: images), ContractJson.Options));

    async Task<DetectionJobInfo> GetAsync(Guid id) =>
        await InferenceService.ReadAsync<DetectionJobInfo>(await client.GetAsync($"/v1/detection-jobs/{id}"));

    Task<DetectionJobInfo> FinishedAsync(DetectionJobInfo job) => Eventually.NotNullAsync(
        async () => await GetAsync(job.Id) is { State: not (DetectionJobState.Queued or DetectionJobState.Running) } finished ? finished : null,
        "the job is finished");

    async Task<DetectionsArtifact> ReadAsync(DetectionJobInfo job)
    {
        await using var gzip = new GZipStream(await client.GetStreamAsync(new Uri(job.Result!.Uri).AbsolutePath), CompressionMode.Decompress);
        return (await JsonSerializer.DeserializeAsync<DetectionsArtifact>(gzip, ContractJson.Options))!;
    }
}
