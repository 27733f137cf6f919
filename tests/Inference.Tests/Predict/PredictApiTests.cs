using System.Net;
using System.Text.Json;

namespace RetrainLoop.Tests.Inference.Predict;

/// <summary>The whole way of a frame over HTTP, with a real model.</summary>
public sealed class PredictApiTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync() => client = await inference.StartAsync();

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public async Task Predict_GoldenModelAndPictures_GiveGoldenDetections()
    {
        await DeployGoldenAsync();
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenFolder.Shared("models", "expected_detections.json")));
        var compared = 0;
        foreach (var result in golden.RootElement.GetProperty("results").EnumerateArray()
            .Where(result => result.GetProperty("model").GetString() == "yolov8n_int8_640"))
        {
            var image = result.GetProperty("image").GetString()!;
            var response = await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict(
                "golden", File.ReadAllBytes(GoldenFolder.Shared("models", "images", image)), "?conf=0.25&iou=0.45")));
            var answer = Assert.Single(response.Images);
            Assert.Equal((result.GetProperty("image_width").GetInt32(), result.GetProperty("image_height").GetInt32()),
                (answer.Width, answer.Height));
            foreach (var expected in result.GetProperty("detections").EnumerateArray()
                .Where(detection => detection.GetProperty("score").GetDouble() >= 0.4))
            {
                var corners = expected.GetProperty("box_xyxy").EnumerateArray().Select(value => value.GetSingle()).ToArray();
                var box = new Box(corners[0], corners[1], corners[2] - corners[0], corners[3] - corners[1]);
                var best = answer.Boxes.Where(found => found.Name == expected.GetProperty("name").GetString())
                    .MaxBy(found => Box.IoU(found.ToBox(), box));
                Assert.True(best is not null && Box.IoU(best.ToBox(), box) >= 0.9, $"{image}: {expected} is missing");
                Assert.InRange(best.Confidence, expected.GetProperty("score").GetDouble() - 0.1, expected.GetProperty("score").GetDouble() + 0.1);
                compared++;
            }
        }
        Assert.True(compared >= 8, $"only {compared} detections were compared");
    }

    [Fact]
    public async Task Predict_TextFile_Is415NamingIt()
    {
        await DeployGoldenAsync();
        using var form = new MultipartFormDataContent { { new ByteArrayContent("once upon a time"u8.ToArray()), "file", "tale.jpg" } };
        var detail = await InferenceService.RefusalAsync(
            await client.PostAsync("/v1/deployments/golden/predict", form), HttpStatusCode.UnsupportedMediaType);
        Assert.Contains("'tale.jpg' is a text file", detail);
        Assert.Contains("empty", await InferenceService.RefusalAsync(
            await client.SendAsync(InferenceService.Predict("golden", [])), HttpStatusCode.UnprocessableEntity));
        Assert.Contains("'iou'", await InferenceService.RefusalAsync(
            await client.SendAsync(InferenceService.Predict("golden", [1], "?iou=2")), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Predict_NoDeployment_Is404SayingHowToMakeOne()
    {
        await Eventually.TrueAsync(async () => (await client.SendAsync(InferenceService.Predict("nowhere", [1])))
            .StatusCode == HttpStatusCode.NotFound, "the service has loaded");
        Assert.Contains("PUT /v1/deployments/nowhere",
            await InferenceService.RefusalAsync(await client.SendAsync(InferenceService.Predict("nowhere", [1])), HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Predict_SeveralFilesAndClasses_AnswersInOrder()
    {
        await DeployGoldenAsync();
        using var form = new MultipartFormDataContent();
        foreach (var image in new[] { "bus.jpg", "zidane.jpg" })
            form.Add(new ByteArrayContent(File.ReadAllBytes(GoldenFolder.Shared("models", "images", image))), "file", image);
        var response = await InferenceService.ReadAsync<PredictResponse>(
            await client.PostAsync("/v1/deployments/golden/predict?classes=bus,27", form));
        Assert.Equal([810, 1280], response.Images.Select(image => image.Width));
        Assert.Equal("bus", Assert.Single(response.Images[0].Boxes).Name);
        Assert.DoesNotContain(response.Images[1].Boxes, box => box.Name is not "tie");
    }

    [Fact]
    public async Task Upload_NoDetector_Is422AndRegistryUnchanged()
    {
        var file = File.ReadAllBytes(GoldenFolder.Shared("models", "nms_helper_not_a_detector.onnx"));
        using var form = new MultipartFormDataContent {
            { new StringContent("helper"), "name" }, { new ByteArrayContent(file), "file", "model.onnx" } };
        var detail = await InferenceService.RefusalAsync(await client.PostAsync("/v1/models", form), HttpStatusCode.UnprocessableEntity);
        Assert.Contains("'config'", detail);
        Assert.Empty(await InferenceService.ReadAsync<List<ModelVersionInfo>>(await client.GetAsync("/v1/models")));
    }

    [Fact]
    public async Task OpenApi_Document_DescribesPrediction()
    {
        using var document = JsonDocument.Parse(await client.GetStringAsync("/openapi/v1.json"));
        var post = document.RootElement.GetProperty("paths").GetProperty("/v1/deployments/{deployment}/predict").GetProperty("post");
        Assert.Equal(["application/json", "image/jpeg", "image/png", "multipart/form-data"],
            post.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(body => body.Name).Order());
        Assert.All(post.GetProperty("parameters").EnumerateArray(), parameter => Assert.True(parameter.TryGetProperty("description", out _), parameter.ToString()));
        Assert.Equal("person", post.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json")
            .GetProperty("example").GetProperty("images")[0].GetProperty("boxes")[0].GetProperty("name").GetString());
        Assert.Contains("scalar", await client.GetStringAsync("/scalar/v1"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("CPUExecutionProvider", JsonDocument.Parse(await client.GetStringAsync("/v1/info")).RootElement.GetProperty("provider")
            .GetString());
    }

    async Task DeployGoldenAsync()
    {
        var model = await InferenceService.RegisterAsync(client, "golden", File.ReadAllBytes(GoldenFolder.Shared("models", "yolov8n_int8_640.onnx")));
        Assert.Equal((1, DetectorHead.Yolov8, 640, 80, 32), (model.Version, model.Head, model.ImageSize, model.ClassNames.Count, model.Stride));
        await InferenceService.DeployAsync(client, "golden", new DeploymentRequest("golden", 1));
    }
}
