using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using RetrainLoop.Tests.Loop.Stack;

namespace RetrainLoop.Tests.Loop;

/// <summary>
/// Real models on real pictures and their darkened, blurred, fogged, zoomed and night versions: shown to the stack as a baseline and a current window,
/// a deployment for each model and kind of drift, all at the pace of a camera.
/// </summary>
public sealed partial class GoldenDriftTests(GoldenDriftStack golden, ITestOutputHelper output) : IClassFixture<GoldenDriftStack>
{
    static readonly string[] Models = ["yolov8n_int8_640", "yolox_nano_416"];
    static readonly TimeSpan Window = TimeSpan.FromSeconds(66);

    [Fact]
    public async Task Show_GoldenSets_MeasuresTheKnownEffectsAndConcludesFromThem()
    {
        var effects = MeasuredEffect.Read(Models.ToHashSet());
        Assert.Equal(10, effects.Count);
        foreach (var model in Models) await UploadAsync(model);
        foreach (var effect in effects) await DeployAsync(effect);
        var seen = await Task.WhenAll(effects.Select(ShowAsync));
        Write(seen);
        foreach (var one in seen) Check(one);

        Seen Of(string drift) => seen.Single(one => one.Effect.Model == Models[0] && one.Effect.Drift == drift);
        Assert.Equal((DriftLevel.Drift, DiagnosisAction.InvestigateCamera), (Of("zoom").Area.Level, Of("zoom").Diagnosis.Action));
        Assert.Contains("detections fell", Of("zoom").Diagnosis.Summary, StringComparison.Ordinal);
        Assert.NotEqual(DriftLevel.Drift, Of("zoom").Confidence.Level);
        Assert.NotEqual(DriftLevel.Drift, Of("fog").Report.Level);
        Assert.Equal(DriftLevel.Inconclusive, Of("fog").Confidence.Level); // 19 frames cannot show that nothing changed
        Assert.Equal((DriftLevel.Drift, DiagnosisAction.LabelFirst), (Of("blur").Confidence.Level, Of("blur").Diagnosis.Action));
    }

    sealed record Seen(MeasuredEffect Effect, DriftReport Report, Diagnosis Diagnosis, double Ap)
    {
        public SignalDrift Confidence => Signal("confidence");
        public SignalDrift Area => Signal("boxArea");
        public double DetectionsPerImage => Confidence.CurrentCount / (double)Signal("detectionsPerRequest").CurrentCount;
        public SignalDrift Signal(string name) => Report.Signals.Single(signal => signal.Signal == name);
    }

    async Task<Seen> ShowAsync(MeasuredEffect effect)
    {
        var deployment = Name(effect);
        // Frames from before the baseline began to collect would be missing in it.
        await Eventually.TrueAsync(async () => await CountAsync(deployment) == 1, $"{deployment} collects a baseline", TimeSpan.FromMinutes(3));
        await SendAsync(deployment, Directory.GetFiles(GoldenFolder.Shared("datasets", "pets09_s2l1", "images", "train")));
        await Eventually.TrueAsync(async () => (await golden.Stack.GetAsync<List<BaselineInfo>>("monitor", $"/v1/deployments/{deployment}/baselines"))!
            .Any(baseline => baseline.State == BaselineState.Locked), $"the baseline of {deployment} locks", TimeSpan.FromMinutes(3));
        await SendAsync(deployment, Directory.GetFiles(GoldenFolder.Shared("drift", $"pets09_s2l1_{effect.Drift}", "images", "drift")));
        var report = await Eventually.NotNullAsync(async () =>
            await PostAsync<DriftReport>("monitor", $"/v1/deployments/{deployment}/drift-reports", new { }) is { } now
                && now.Signals.Single(signal => signal.Signal == "detectionsPerRequest").CurrentCount == 19 ? now : null, $"all frames of {deployment} are counted", TimeSpan.FromMinutes(2));
        var diagnosis = await PostAsync<Diagnosis>("monitor", $"/v1/deployments/{deployment}/diagnoses", new { });
        return new Seen(effect, report, diagnosis, await ApAsync(effect));
    }

    /// <summary>How many baselines the deployment has; before Monitor heard of it, none.</summary>
    async Task<int> CountAsync(string deployment)
    {
        using var monitor = golden.Stack.Client("monitor");
        using var answer = await monitor.GetAsync($"/v1/deployments/{deployment}/baselines", TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<List<BaselineInfo>>(ContractJson.Options))!.Count : 0;
    }

    /// <summary>Sorted by name, which is by time, spread evenly over a window.</summary>
    async Task SendAsync(string deployment, string[] images)
    {
        using var inference = golden.Stack.Client("inference");
        using var pace = new PeriodicTimer(Window / images.Length);
        foreach (var image in images.Order(StringComparer.Ordinal))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/deployments/{deployment}/predict?conf=0.25&iou=0.65") { Content = new ByteArrayContent(await File.ReadAllBytesAsync(image)) };
            request.Headers.Add("X-Camera", "view-1");
            using var answer = await inference.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    async Task UploadAsync(string model)
    {
        using var inference = golden.Stack.Client("inference");
        using var form = new MultipartFormDataContent
        {
            { new StringContent(model), "name" }, { new ByteArrayContent(await File.ReadAllBytesAsync(GoldenFolder.Shared("models", $"{model}.onnx"))), "file", $"{model}.onnx" },
            { new StringContent(JsonSerializer.Serialize(new { classNames = ClassNames() })), "spec" },
        };
        using var upload = await inference.PostAsync("/v1/models", form);
        Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
    }

    /// <summary>COCO's eighty, which one of the models carries in its metadata and the other one lacks.</summary>
    static string[] ClassNames() => [.. ClassName().Matches(JsonDocument.Parse(File.ReadAllBytes(GoldenFolder.Shared("models", "expected_detections.json")))
        .RootElement.GetProperty("cards").GetProperty(Models[0]).GetProperty("metadata").GetProperty("names").GetString()!).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("[0-9]+: '([^']+)'")]
    private static partial Regex ClassName();

    async Task DeployAsync(MeasuredEffect effect)
    {
        using var inference = golden.Stack.Client("inference");
        using var put = await inference.PutAsJsonAsync($"/v1/deployments/{Name(effect)}", new { model = effect.Model, version = 1, latencyBudgetMs = 60_000 });
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
    }

    /// <summary>AP of a detection job on the drifted pictures with their own labels.</summary>
    async Task<double> ApAsync(MeasuredEffect effect)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            await archive.CreateEntryFromFileAsync(GoldenFolder.Shared("drift", $"pets09_s2l1_{effect.Drift}", "coco_drift.json"), "coco_drift.json");
            foreach (var image in Directory.GetFiles(GoldenFolder.Shared("drift", $"pets09_s2l1_{effect.Drift}", "images", "drift")))
                await archive.CreateEntryFromFileAsync(image, $"images/drift/{Path.GetFileName(image)}");
        }
        using var labeling = golden.Stack.Client("labeling");
        using var answer = await labeling.PostAsync($"/v1/datasets/import?name={Name(effect)}&format=coco", new ByteArrayContent(zip.ToArray()));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var dataset = (await answer.Content.ReadFromJsonAsync<DatasetVersionInfo>(ContractJson.Options))!;
        var job = await PostAsync<DetectionJobInfo>("inference", "/v1/detection-jobs",
            new DetectionJobRequest(Name(effect), new ModelRef(effect.Model, 1), "evaluation", Manifest: dataset.Manifest, Confidence: 0.01, IoU: 0.65));
        job = await Eventually.NotNullAsync(async () => await golden.Stack.GetAsync<DetectionJobInfo>("inference", $"/v1/detection-jobs/{job.Id}") is { FinishedAt: not null } done ? done : null,
            "the detection job ends", TimeSpan.FromMinutes(4));
        Assert.True(job.State == DetectionJobState.Succeeded, job.Error);
        return (await PostAsync<EvaluationInfo>("monitor", "/v1/evaluations",
            new EvaluationRequest(Name(effect), job.Model, dataset.Ref, dataset.GroundTruth, job.Result!, "golden drift"))).Stats[0];
    }

    static void Check(Seen seen)
    {
        var effect = seen.Effect;
        Assert.Equal(effect.MeanConfidence, seen.Confidence.CurrentMean, 0.03);
        // The stack counts behind its own NMS at 0.7, the effects were measured behind 0.65: a few boxes more pass.
        Assert.Equal(effect.DetectionsPerImage, seen.DetectionsPerImage, 0.05 * effect.DetectionsPerImage);
        Assert.Equal(effect.ConfidenceD, seen.Confidence.KsStatistic, 0.03);
        Assert.Equal(effect.AreaD, seen.Area.KsStatistic, 0.03);
        Assert.Equal(effect.Ap, seen.Ap, 0.01);
        foreach (var (signal, p) in new[] { (seen.Confidence, effect.ConfidenceP), (seen.Area, effect.AreaP) })
        {
            var error = Math.Abs(Math.Log(signal.KsPValue) - Math.Log(p));
            var allowed = MeasuredEffect.LogPError(signal.KsStatistic, 0.03, signal.BaselineCount, signal.CurrentCount);
            Assert.True(error <= allowed, $"{effect.Model} {effect.Drift} {signal.Signal}: p is {signal.KsPValue:G3}, measured {p:G3}; ln p may differ by {allowed:F1}.");
        }
    }

    void Write(IEnumerable<Seen> all)
    {
        output.WriteLine("model             drift  boxes/image    confidence     KS conf. (p)                  KS area (p)                   AP             conf./area/report        concluded");
        foreach (var seen in all)
        {
            var effect = seen.Effect;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{effect.Model,-17} {effect.Drift,-6} {seen.DetectionsPerImage:F2} ({effect.DetectionsPerImage:F2})    {seen.Confidence.CurrentMean:F3} ({effect.MeanConfidence:F3})  "
                + $"{seen.Confidence.KsStatistic:F3} ({effect.ConfidenceD:F3}) p {seen.Confidence.KsPValue:G2} ({effect.ConfidenceP:G2})  {seen.Area.KsStatistic:F3} ({effect.AreaD:F3}) p {seen.Area.KsPValue:G2} ({effect.AreaP:G2})  "
                + $"{seen.Ap:F3} ({effect.Ap:F3})  {seen.Confidence.Level}/{seen.Area.Level}/{seen.Report.Level}  {seen.Diagnosis.Action}"));
            output.WriteLine($"    confidence: {seen.Confidence.Explanation} area: {seen.Area.Explanation}");
            output.WriteLine($"    {seen.Diagnosis.Summary}");
        }
    }

    async Task<T> PostAsync<T>(string service, string path, object body)
    {
        using var client = golden.Stack.Client(service);
        using var answer = await client.PostAsJsonAsync(path, body, ContractJson.Options, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<T>(ContractJson.Options))!;
    }

    static string Name(MeasuredEffect effect) => $"{(effect.Model.StartsWith("yolov8n", StringComparison.Ordinal) ? "v8" : "x")}-{effect.Drift}";
}
