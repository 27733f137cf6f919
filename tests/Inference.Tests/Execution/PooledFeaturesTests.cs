using RetrainLoop.Inference.Sampling;

namespace RetrainLoop.Tests.Inference.Execution;

/// <summary>Embeddings of models that other tools exported.</summary>
public sealed class PooledFeaturesTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync() => client = await inference.StartAsync(("Telemetry:Enabled", "false"));

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Theory]
    [InlineData("yolov8n_int8_640.onnx", 256)]
    [InlineData("yolox_nano_416.onnx", 256)]
    public async Task Register_ModelWithoutEmbedding_PoolsItsLastFeatureMap(string file, int channels)
    {
        var spec = file.StartsWith("yolox", StringComparison.Ordinal) ? new ModelSpec(DetectorHead.Yolox) : null;
        var model = await InferenceService.RegisterAsync(client, "foreign", File.ReadAllBytes(GoldenFolder.Shared("models", file)), spec);
        Assert.True(model.HasEmbedding && model.FeatureMap is not null, model.EmbeddingSource);
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("foreign", 1, Sampling: new SamplingPolicy(RandomPerCameraHour: 1_000_000)));
        foreach (var image in new[] { "bus.jpg", "zidane.jpg", "bus.jpg" })
            await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict(
                "line", File.ReadAllBytes(GoldenFolder.Shared("models", "images", image)))));
        var frames = await Eventually.NotNullAsync(async () => await InferenceService.ReadAsync<FramePage>(
            await client.GetAsync("/v1/deployments/line/frames")) is { Frames.Count: 3 } page ? page.Frames : null, "the frames are kept");
        Assert.All(frames, frame => Assert.Equal(channels, frame.Embedding!.Count));
        Assert.Equal(frames[0].Embedding, frames[2].Embedding); // the same picture
        Assert.True(Distance(frames[0].Embedding!, frames[1].Embedding!) > 0.1, "two pictures have the same embedding");
    }

    static double Distance(IReadOnlyList<float> a, IReadOnlyList<float> b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (double)(x - y)).Sum());
}
