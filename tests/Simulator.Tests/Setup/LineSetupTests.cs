using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RetrainLoop.Tests.Simulator.Setup;

public sealed class LineSetupTests : IDisposable
{
    readonly string models = Directory.CreateTempSubdirectory("retrainloop-model-").FullName;
    readonly ConcurrentQueue<string> calls = new();
    DeploymentRequest? deployment;
    HoldoutsInfo? holdouts;

    public void Dispose() => Directory.Delete(models, recursive: true);

    Task<FakeService> StartInferenceAsync() => FakeService.StartAsync(app =>
    {
        app.MapGet("/v1/deployments/line", () => deployment is null ? Results.NotFound() : Results.Ok(SimulatorUnderTest.Deployment("line")));
        app.MapPost("/v1/models", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            calls.Enqueue($"model {form["name"]} {string.Join('+', form.Files.Select(file => $"{file.Name}:{file.Length}"))}");
            return Results.Json(
                new ModelVersionInfo("line", 1, "x", DetectorHead.Yolov8, 256, ["washer"], 32, new ArtifactRef("u", "x", 1), null, false, new ModelLineage(), new Dictionary<string, double>(), 1, DateTimeOffset.UnixEpoch),
                statusCode: 201);
        });
        app.MapPut("/v1/deployments/line", (DeploymentRequest request) =>
        {
            calls.Enqueue($"deployment of {request.Model} v{request.Version} in {request.Zone}, {request.Regions?.Count} regions");
            deployment = request;
            return SimulatorUnderTest.Deployment("line");
        });
        app.MapPost("/v1/deployments/line/predict", () => "");
    });

    Task<FakeService> StartLabelingAsync() => FakeService.StartAsync(app =>
    {
        app.MapGet("/v1/deployments/line/holdouts", () => Results.Ok(holdouts ??= new HoldoutsInfo("line", null, null, null, null, null)));
        app.MapGet("/v1/datasets/{name}/versions/1", () => Results.NotFound());
        app.MapPost("/v1/datasets/import", async (string name, string format, string role, string deployment, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            using var zip = new System.IO.Compression.ZipArchive(body);
            var images = zip.Entries.Count(entry => entry.FullName.EndsWith(".jpg", StringComparison.Ordinal));
            var training = zip.Entries.Count(entry => entry.FullName.StartsWith("images/train/", StringComparison.Ordinal));
            calls.Enqueue($"import {name} from {format} as {role} for {deployment}: {images} images, {training} for training");
            return Results.Json(Dataset(name, DatasetRole.Training), statusCode: 201);
        });
        app.MapPut("/v1/deployments/line/training-set", (AssignDataset assign) =>
        {
            calls.Enqueue($"training set {assign.Dataset}");
            return holdouts = holdouts! with { Training = Dataset(assign.Dataset.Name, DatasetRole.Training) };
        });
        app.MapPut("/v1/deployments/line/holdouts/locked", (AssignDataset assign) =>
        {
            calls.Enqueue($"locked holdout {assign.Dataset}");
            return holdouts = holdouts! with { Locked = Dataset(assign.Dataset.Name, DatasetRole.LockedHoldout) };
        });
    });

    static DatasetVersionInfo Dataset(string name, DatasetRole role) =>
        new(name, 1, "h", role, "line", ["washer"], 1, 1, 1, 0, null, null, "m", "g", "e", DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task Setup_EmptyStack_BringsModelDeploymentAndDatasetsOnce()
    {
        await File.WriteAllBytesAsync(Path.Combine(models, "line.onnx"), new byte[10]);
        await File.WriteAllBytesAsync(Path.Combine(models, "line.ckpt"), new byte[20]);
        await using var inference = await StartInferenceAsync();
        await using var labeling = await StartLabelingAsync();
        string[] expected =
        [
            "model line file:10+checkpoint:20", "deployment of line v1 in Europe/Berlin, 3 regions",
            "import line-training from yolo as training for line: 5 images, 4 for training", "training set line-training v1",
            "import line-holdout from yolo as lockedHoldout for line: 3 images, 0 for training", "locked holdout line-holdout v1",
        ];
        for (var start = 0; start < 2; start++)
        {
            await using var simulator = Create(inference, labeling);
            await SetUpAsync(simulator);
            Assert.Equal(expected, calls);
        }
    }

    [Fact]
    public async Task Setup_ModelFileMissing_SaysSoAndWaits()
    {
        await using var inference = await StartInferenceAsync();
        await using var labeling = await StartLabelingAsync();
        await using var simulator = Create(inference, labeling);
        using var client = simulator.CreateStackClient();
        await Eventually.TrueAsync(async () => (await SetupOfAsync(client)).GetProperty("step").GetString()!.Contains("first model is missing"), "the missing model is told");
        Assert.Empty(calls);
        await File.WriteAllBytesAsync(Path.Combine(models, "line.onnx"), new byte[10]);
        await SetUpAsync(simulator);
        Assert.Contains("model line file:10", calls);
    }

    ServiceUnderTest<Program> Create(FakeService inference, FakeService labeling) => SimulatorUnderTest.Create(
        inference.Url, labeling.Url, ("Simulator:Setup:ModelFolder", models), ("Simulator:Setup:TrainingFrames", "5"), ("Simulator:Setup:HoldoutFrames", "3"),
        ("Simulator:FramesPerSecond", "1"));

    static async Task SetUpAsync(ServiceUnderTest<Program> simulator)
    {
        using var client = simulator.CreateStackClient();
        await Eventually.TrueAsync(async () => (await SetupOfAsync(client)).GetProperty("done").GetBoolean(), "the line is set up");
    }

    static async Task<JsonElement> SetupOfAsync(HttpClient client) => (await client.GetFromJsonAsync<JsonElement>("/v1/line")).GetProperty("setup");
}
