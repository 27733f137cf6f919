using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RetrainLoop.Tests.Loop.Stack;

namespace RetrainLoop.Tests.Loop;

/// <summary>What a team brings: a model of their own, pictures, a dataset; through the running stack as their scripts would do it.</summary>
public sealed class RealInputTests(QuietStack quiet, ITestOutputHelper output) : IClassFixture<QuietStack>
{
    const string Model = "yolov8n_int8_640";

    [Fact]
    public async Task Predict_ModelOfOthers_FindsTheReferenceDetections()
    {
        await DeployAsync();
        using var inference = quiet.Stack.Client("inference");
        var expected = JsonDocument.Parse(await File.ReadAllBytesAsync(GoldenFolder.Shared("models", "expected_detections.json"))).RootElement;
        foreach (var result in expected.GetProperty("results").EnumerateArray().Where(result => result.GetProperty("model").GetString() == Model))
        {
            var image = result.GetProperty("image").GetString()!;
            var answer = await inference.PostAsync("/v1/deployments/street/predict?conf=0.25&iou=0.45", new ByteArrayContent(await File.ReadAllBytesAsync(GoldenFolder.Shared("models", "images", image))));
            var boxes = Assert.Single((await answer.Content.ReadFromJsonAsync<PredictResponse>(ContractJson.Options))!.Images).Boxes;
            foreach (var detection in result.GetProperty("detections").EnumerateArray().Where(detection => detection.GetProperty("score").GetDouble() >= 0.4)) AssertFound(detection, boxes, image);
        }
    }

    [Fact]
    public async Task Evaluate_ImportedDatasetByADetectionJob_HasTheReferenceAp()
    {
        await DeployAsync();
        var dataset = await ImportPetsAsync();
        Assert.Equal(28, dataset.Images);

        using var inference = quiet.Stack.Client("inference");
        var request = new DetectionJobRequest("pets", new ModelRef("street", 1), "evaluation", Manifest: dataset.Manifest, Confidence: 0.01, IoU: 0.65);
        var job = await (await inference.PostAsJsonAsync("/v1/detection-jobs", request, ContractJson.Options)).Content.ReadFromJsonAsync<DetectionJobInfo>(ContractJson.Options);
        job = await Eventually.NotNullAsync(async () =>
            await quiet.Stack.GetAsync<DetectionJobInfo>("inference", $"/v1/detection-jobs/{job!.Id}") is { FinishedAt: not null } done ? done : null, "the detection job ends", TimeSpan.FromMinutes(4));
        Assert.True(job.State == DetectionJobState.Succeeded, job.Error);

        using var monitor = quiet.Stack.Client("monitor");
        var evaluation = new EvaluationRequest("pets", job.Model, dataset.Ref, dataset.GroundTruth, job.Result!, "upload check");
        var answer = await monitor.PostAsJsonAsync("/v1/evaluations", evaluation, ContractJson.Options);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var stats = (await answer.Content.ReadFromJsonAsync<EvaluationInfo>(ContractJson.Options))!.Stats;
        var reference = JsonDocument.Parse(await File.ReadAllBytesAsync(GoldenFolder.Shared("models", "quality.json"))).RootElement.GetProperty("rows").EnumerateArray()
            .Single(row => row.GetProperty("model").GetString() == Model && row.GetProperty("dataset").GetString() == "pets09_s2l1");
        output.WriteLine($"AP {stats[0]:F4} (reference {reference.GetProperty("AP").GetDouble():F4}), AP50 {stats[1]:F4} ({reference.GetProperty("AP50").GetDouble():F4})");
        Assert.Equal(reference.GetProperty("AP").GetDouble(), stats[0], 0.01);
    }

    [Fact]
    public async Task Predict_TextFile_Is415WithASentence()
    {
        await DeployAsync();
        using var inference = quiet.Stack.Client("inference");
        var answer = await inference.PostAsync("/v1/deployments/street/predict", new StringContent("this is no picture"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("text", await DetailAsync(answer), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Upload_ModelThatIsNoDetector_Is422WithTheReason()
    {
        using var inference = quiet.Stack.Client("inference");
        var answer = await inference.PostAsync("/v1/models", await FormAsync("helper", GoldenFolder.Shared("models", "nms_helper_not_a_detector.onnx")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        output.WriteLine(await DetailAsync(answer));
    }

    [Fact]
    public void Inference_TwoReplicas_StandBehindOnePort()
    {
        var replicas = quiet.Stack.File["inference"].Replicas!;
        Assert.Equal(2, replicas.Select(replica => replica.Pid).Distinct().Count());
        Assert.All(replicas, replica => Assert.True(RunningStack.IsAlive(replica.Pid!.Value)));
    }

    async Task DeployAsync()
    {
        using var inference = quiet.Stack.Client("inference");
        var upload = await inference.PostAsync("/v1/models", await FormAsync("street", GoldenFolder.Shared("models", $"{Model}.onnx")));
        Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
        var put = await inference.PutAsJsonAsync("/v1/deployments/street", new { model = "street", version = 1, latencyBudgetMs = 200 });
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        // The other replica hears of it a moment later.
        foreach (var replica in quiet.Stack.File["inference"].Replicas!)
            await Eventually.TrueAsync(async () => (await inference.PostAsync($"{replica.Url}/v1/deployments/street/predict", new StringContent("no picture"))).StatusCode == HttpStatusCode.UnsupportedMediaType,
                $"{replica.Url} serves the deployment");
    }

    async Task<DatasetVersionInfo> ImportPetsAsync()
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            await archive.CreateEntryFromFileAsync(GoldenFolder.Shared("datasets", "pets09_s2l1", "coco_val.json"), "coco_val.json");
            foreach (var image in Directory.GetFiles(GoldenFolder.Shared("datasets", "pets09_s2l1", "images", "val"))) await archive.CreateEntryFromFileAsync(image, $"images/val/{Path.GetFileName(image)}");
        }
        using var labeling = quiet.Stack.Client("labeling");
        var answer = await labeling.PostAsync("/v1/datasets/import?name=pets&format=coco", new ByteArrayContent(zip.ToArray()));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<DatasetVersionInfo>(ContractJson.Options))!;
    }

    static void AssertFound(JsonElement expected, IReadOnlyList<Detection> boxes, string image)
    {
        var corners = expected.GetProperty("box_xyxy").EnumerateArray().Select(value => value.GetSingle()).ToArray();
        var box = new Box(corners[0], corners[1], corners[2] - corners[0], corners[3] - corners[1]);
        var score = expected.GetProperty("score").GetDouble();
        Assert.True(boxes.Any(found => found.Class == expected.GetProperty("class_id").GetInt32() && Box.IoU(found.ToBox(), box) >= 0.9 && Math.Abs(found.Confidence - score) <= 0.1),
            $"{image}: no detection matches {expected}");
    }

    static async Task<MultipartFormDataContent> FormAsync(string name, string path) =>
        new() { { new StringContent(name), "name" }, { new ByteArrayContent(await File.ReadAllBytesAsync(path)), "file", Path.GetFileName(path) } };

    static async Task<string> DetailAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!;
}
