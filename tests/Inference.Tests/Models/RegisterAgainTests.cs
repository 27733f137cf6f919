using System.Net;

namespace RetrainLoop.Tests.Inference.Models;

/// <summary>The same bytes once more: the same version, unless something else is said of them.</summary>
public sealed class RegisterAgainTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync() => client = await inference.StartAsync(("Telemetry:Enabled", "false"));

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public async Task Post_SameBytes_IsTheSameVersionUnlessTheSpecDiffers()
    {
        var bytes = TinyModel.Create(metadataNames: "");
        Assert.Equal((1, "class 0"), Told(await InferenceService.RegisterAsync(client, "again", bytes)));
        Assert.Equal((1, "class 0"), Told(await InferenceService.RegisterAsync(client, "again", bytes)));
        Assert.Equal((2, "dark"), Told(await InferenceService.RegisterAsync(client, "again", bytes, new ModelSpec(ClassNames: ["dark", "bright"]))));
        Assert.Equal((2, "dark"), Told(await InferenceService.RegisterAsync(client, "again", bytes, new ModelSpec(ClassNames: ["dark", "bright"]))));
        Assert.Equal((1, "class 0"), Told(await InferenceService.RegisterAsync(client, "again", bytes)));
        Assert.Equal(3, (await InferenceService.RegisterAsync(client, "again", bytes, new ModelSpec(Batching: new ModelBatching(4)))).Version);
        // Both versions of the same file are served, each with its own names.
        await InferenceService.DeployAsync(client, "one", new DeploymentRequest("again", 1));
        await InferenceService.DeployAsync(client, "two", new DeploymentRequest("again", 2));
        foreach (var (deployment, name) in new[] { ("one", "class 0"), ("two", "dark") })
        {
            var answer = await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict(deployment, TestImage.Gray(20))));
            Assert.Equal(name, answer.Images[0].Boxes[0].Name);
        }
    }

    [Fact]
    public async Task Post_SameBytesWithACheckpoint_IsANewVersionThatHasIt()
    {
        var bytes = TinyModel.Create(variant: 1);
        await InferenceService.RegisterAsync(client, "trained", bytes);
        var with = await UploadAsync(bytes, [1, 2, 3]);
        Assert.Equal((2, 3L), (with.Version, with.Checkpoint?.Length));
        Assert.Equal(2, (await UploadAsync(bytes, [1, 2, 3])).Version);
        Assert.Equal(3, (await UploadAsync(bytes, [4, 5])).Version);
    }

    [Fact]
    public async Task Post_MetadataWithANegativeSize_IsServedAtTheUsualSize()
    {
        var model = await InferenceService.RegisterAsync(
            client, "negative", new TinyDetector(TinyHead.EndToEnd) { Size = -1, SizeInMetadata = "[-5, -5]" }.ToOnnx());
        Assert.Equal(640, model.ImageSize);
    }

    [Fact]
    public async Task Post_ScoresThatAreNoNumbers_AreRefusedWithAdvice()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("nan"), "name" },
            { new ByteArrayContent(new TinyDetector(TinyHead.Yolov8) { NaNFrom = 0 }.ToOnnx()), "file", "m.onnx" },
        };
        var detail = await InferenceService.RefusalAsync(await client.PostAsync("/v1/models", form, TestContext.Current.CancellationToken),
            HttpStatusCode.UnprocessableEntity);
        Assert.Contains("not finite", detail);
        Assert.Contains("float32", detail);
    }

    async Task<ModelVersionInfo> UploadAsync(byte[] onnx, byte[] checkpoint)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("trained"), "name" }, { new ByteArrayContent(onnx), "file", "m.onnx" },
            { new ByteArrayContent(checkpoint), "checkpoint", "best.pt" },
        };
        return await InferenceService.ReadAsync<ModelVersionInfo>(await client.PostAsync("/v1/models", form, TestContext.Current.CancellationToken));
    }

    static (int Version, string FirstClass) Told(ModelVersionInfo model) => (model.Version, model.ClassNames[0]);
}
