namespace RetrainLoop.Tests.Inference.Execution;

/// <summary>The whole service with runs that are shared, as it works on a GPU.</summary>
public sealed class BatchedServiceTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync(("Execution:MaxBatch", "4"), ("Execution:ByteInput", "Always"), ("Telemetry:Enabled", "false"));
        await InferenceService.RegisterAsync(client, "tiny", new TinyDetector(TinyHead.Yolov8) { Batch = -1 }.ToOnnx());
        await InferenceService.RegisterAsync(client, "tiny", new TinyDetector(TinyHead.Yolov5) { Batch = -1 }.ToOnnx());
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1));
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public async Task Predict_ManyCallersAndSwaps_GetTheirOwnAnswers()
    {
        var callers = Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 30; i++)
            {
                var level = (byte)(70 + caller * 20 + i % 10); // above the confidence that is asked for by default
                var answer = await InferenceService.ReadAsync<PredictResponse>(
                    await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(level))));
                Assert.Equal(level / 255f, Assert.Single(answer.Images[0].Boxes).Confidence, 1e-4f);
            }
        })).ToList();
        for (var swap = 0; swap < 6; swap++)
            await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 2 - swap % 2, Force: true, Reason: "swap test"));
        await Task.WhenAll(callers);
    }
}
