using System.Net;

namespace RetrainLoop.Tests.Inference.Sampling;

public sealed class FramesBetweenTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
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
    public async Task Get_TimeAndCamera_GivesEvenlyPickedFramesOfThem()
    {
        for (var hour = 0; hour < 6; hour++)
            await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict(
                "line", TestImage.Gray((byte)(40 + hour)), "", ("X-Camera", hour == 5 ? "other" : "c1"), ("X-Captured-At", Start.AddHours(hour).ToString("O")))));
        await Eventually.TrueAsync(async () => (await BetweenAsync(0, 6)).Count == 6, "all frames are kept");
        Assert.Equal([1, 2, 3], Hours(await BetweenAsync(1, 4)));
        Assert.Equal([0, 2, 4], Hours(await BetweenAsync(0, 6, "&limit=3")));
        Assert.Equal([5], Hours(await BetweenAsync(0, 6, "&camera=other")));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(Address(4, 1))).StatusCode);
    }

    [Fact]
    public async Task Get_Reason_PicksAmongFramesOfItAlone()
    {
        for (var hour = 0; hour < 6; hour++)
            await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict(
                "line", TestImage.Gray((byte)(60 + hour)), "", ("X-Camera", "c1"), ("X-Captured-At", Start.AddHours(hour).ToString("O")))));
        await Eventually.TrueAsync(async () => (await BetweenAsync(0, 6)).Count == 6, "all frames are kept");
        await using var database = Npgsql.NpgsqlDataSource.Create(inference.Database);
        await using var command = database.CreateCommand("update sampled_frames set reason = 'embeddingOnly' where extract(hour from captured_at at time zone 'UTC') <> 10");
        Assert.Equal(5, await command.ExecuteNonQueryAsync());
        Assert.Equal([2], Hours(await BetweenAsync(0, 6, "&reason=Random&limit=1")));
        Assert.Equal([2], Hours(await BetweenAsync(0, 6))); // without a choice, none that is there for embeddings alone
        Assert.Equal([0, 1, 3, 4, 5], Hours(await BetweenAsync(0, 6, "&reason=embeddingOnly")));
        Assert.Contains("EmptyFrame", await InferenceService.RefusalAsync(await client.GetAsync(Address(0, 6) + "&reason=whim"), HttpStatusCode.BadRequest));
    }

    async Task<IReadOnlyList<SampledFrame>> BetweenAsync(int from, int to, string more = "") =>
        await InferenceService.ReadAsync<IReadOnlyList<SampledFrame>>(await client.GetAsync(Address(from, to) + more));

    static string Address(int from, int to) =>
        $"/v1/deployments/line/frames/between?from={Start.AddHours(from):yyyy-MM-ddTHH:mm:ssZ}&to={Start.AddHours(to):yyyy-MM-ddTHH:mm:ssZ}";

    static IEnumerable<int> Hours(IEnumerable<SampledFrame> frames) => frames.Select(frame => (int)(frame.CapturedAt - Start).TotalHours);
}
