using System.Net;
using RetrainLoop.Inference.Sampling;

namespace RetrainLoop.Tests.Inference.Sampling;

public sealed class EmbeddingsBetweenTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync();
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create());
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1, Sampling: new SamplingPolicy(RandomPerCameraHour: 1_000_000)));
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public async Task Get_ModelAndTime_GivesRandomFramesOfEachCameraEvenlyPicked()
    {
        for (var frame = 0; frame < 8; frame++)
            await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict(
                "line", TestImage.Gray(51), "", ("X-Camera", $"c{frame % 2}"), ("X-Frame-Id", $"{frame}"))));
        await Eventually.TrueAsync(async () =>
            (await InferenceService.ReadAsync<FramePage>(await client.GetAsync("/v1/deployments/line/frames"))).Frames.Count == 8, "all frames are kept");
        // Frame n was answered n minutes after the start; the last is one of a rule, and the one before has no embedding.
        await SqlAsync(
            $"""
            update sampled_frames set sampled_at = timestamptz '{Start:O}' + (info ->> 'frameId')::int * interval '1 minute';
            update sampled_frames set reason = 'emptyFrame' where info ->> 'frameId' = '7';
            update sampled_frames set info = info - 'embedding' where info ->> 'frameId' = '6';
            update sampled_frames set expired_at = now() where info ->> 'frameId' = '0';
            """);

        var all = await GetAsync("");
        Assert.Equal(["c0 0", "c0 2", "c0 4", "c1 1", "c1 3", "c1 5"], Named(all));
        Assert.Equal([0.2f, 0.4f], all[0].Unpack().Select(value => MathF.Round(value, 3)));
        Assert.Equal((false, true), (all[0].Kept, all[1].Kept));
        Assert.Equal(["c0 0", "c0 4", "c1 3"], Named(await GetAsync("&limit=3"))); // every second of each camera, not one camera's
        Assert.Equal(["c0 2", "c1 1"], Named(await GetAsync("", from: 1, to: 3)));
        Assert.Empty(await GetAsync("", version: 2));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(Address(3, 3, 1))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(Address(1, 3, 1) + "&limit=0")).StatusCode);
    }

    [Fact]
    public async Task Get_FramesForEmbeddingsOnly_AreThereAndPublishedToNobody()
    {
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1, Sampling: new SamplingPolicy(0, EmbeddingsPerCameraHour: 1_000_000)));
        var before = await FeedAsync();
        for (var sent = 0; sent < 40; sent++) // each is drawn with a chance of one half
            await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(51), "", ("X-Camera", "c1"))));
        var now = TimeProvider.System.GetUtcNow();
        var frame = await Eventually.NotNullAsync(async () => (await InferenceService.ReadAsync<IReadOnlyList<FrameEmbedding>>(await client.GetAsync(
            $"/v1/deployments/line/embeddings?model=tiny&version=1&from={now.AddHours(-1):yyyy-MM-ddTHH:mm:ssZ}&to={now.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}")))
            .FirstOrDefault(), "the frame is kept");
        Assert.Equal(SampleReason.EmbeddingOnly, (await InferenceService.ReadAsync<SampledFrame>(await client.GetAsync($"/v1/frames/{frame.Frame}"))).Reason);
        Assert.Equal(before, await FeedAsync());

        async Task<int> FeedAsync() => (await InferenceService.ChangesAsync(client, "frame.sampled", 0)).Count;
    }

    async Task<IReadOnlyList<FrameEmbedding>> GetAsync(string more, int from = 0, int to = 60, int version = 1) =>
        await InferenceService.ReadAsync<IReadOnlyList<FrameEmbedding>>(await client.GetAsync(Address(from, to, version) + more));

    static string Address(int from, int to, int version) =>
        $"/v1/deployments/line/embeddings?model=tiny&version={version}&from={Start.AddMinutes(from):yyyy-MM-ddTHH:mm:ssZ}&to={Start.AddMinutes(to):yyyy-MM-ddTHH:mm:ssZ}";

    static IEnumerable<string> Named(IEnumerable<FrameEmbedding> frames) => frames.Select(frame => $"{frame.Camera} {(frame.SampledAt - Start).TotalMinutes}");

    async Task SqlAsync(string sql)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(inference.Database);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
