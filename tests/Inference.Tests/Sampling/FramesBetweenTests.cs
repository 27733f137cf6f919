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

    async Task<IReadOnlyList<SampledFrame>> BetweenAsync(int from, int to, string more = "") =>
        await InferenceService.ReadAsync<IReadOnlyList<SampledFrame>>(await client.GetAsync(Address(from, to) + more));

    static string Address(int from, int to) =>
        $"/v1/deployments/line/frames/between?from={Start.AddHours(from):yyyy-MM-ddTHH:mm:ssZ}&to={Start.AddHours(to):yyyy-MM-ddTHH:mm:ssZ}";

    static IEnumerable<int> Hours(IEnumerable<SampledFrame> frames) => frames.Select(frame => (int)(frame.CapturedAt - Start).TotalHours);
}
