using System.Net;
using System.Net.Http.Json;
using RetrainLoop.Inference.Sampling;

namespace RetrainLoop.Tests.Inference.Telemetry;

public sealed class TelemetryTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync(("Execution:QueueCapacity", "1"), ("Execution:Workers", "1"), ("Telemetry:SpooledBatchSeconds", "1"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create());
        await InferenceService.DeployAsync(client, "line",
            new DeploymentRequest("tiny", 1, OperatingPoint: 0.3, Regions: [new Region("north", "North", 50, 10)]));
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public async Task Batches_OfManyRequests_AddUpAtTheOperatingPoint()
    {
        // b = 0.4: "dark" scores 0.6, "bright" 0.4; both are above the operating point, whatever the caller's confidence is.
        for (var i = 0; i < 10; i++)
            await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict(
                "line", TestImage.Gray(102), $"?conf={(i % 2 == 0 ? "0.05" : "0.9")}", ("X-Region", "north"), ("X-Camera", $"c{i % 2}"))));
        for (var i = 0; i < 3; i++) await client.SendAsync(InferenceService.Predict("line", "no image"u8.ToArray()));
        await Eventually.TrueAsync(() => Task.FromResult(Series().Sum(series => series.Outcomes.Values.Sum()) == 13), "all requests are counted");

        Assert.Equal(10, Count(RequestOutcome.Ok));
        Assert.Equal(3, Count(RequestOutcome.BadInput));
        Assert.Equal(["c0", "c1"], Series().Where(series => series.Region == "north").Select(series => series.Camera).Distinct().Order());
        var classes = Series().SelectMany(series => series.Classes).ToLookup(entry => entry.Class);
        Assert.Equal(10, classes["dark"].Sum(entry => entry.Count));
        Assert.Equal(10, classes["bright"].Sum(entry => entry.Count));
        Assert.Equal(6.0, classes["dark"].Sum(entry => entry.ConfidenceSum), 0.05);
        var confidence = SparseHistogram.Merge(classes["dark"].Select(entry => entry.Confidence));
        Assert.Equal(0.6, SignalBins.Confidence.Middle(Assert.Single(confidence.Bins)), 0.002);
        var areas = SparseHistogram.Merge(classes["bright"].Select(entry => entry.Area));
        Assert.Equal(1 / 64.0, SignalBins.RelativeSize.Middle(Assert.Single(areas.Bins)), 0.001);
        var sizes = SparseHistogram.Merge(classes["bright"].Select(entry => entry.BoxSize!));
        Assert.Equal((SignalBins.BoxSize.CellOf(1 / 8.0, 1 / 8.0), 10), (Assert.Single(sizes.Bins), sizes.Total));
        foreach (var stage in new[] { "total", "upload", "queue", "decode", "inference", "postprocess" })
            Assert.Equal(10, Series().Sum(series => series.StageMs.GetValueOrDefault(stage)?.Total ?? 0));
        Assert.Equal(2, Assert.Single(SparseHistogram.Merge(Series().Select(series => series.DetectionsPerRequest).OfType<SparseHistogram>()).Bins));
        Assert.Equal(102, Assert.Single(SparseHistogram.Merge(Series().Select(series => series.Brightness).OfType<SparseHistogram>()).Bins));
    }

    [Fact]
    public async Task Predict_TrialOfAPage_IsAnsweredButNeitherCountedNorKept()
    {
        await client.PutAsJsonAsync("/v1/deployments/line/sampling", new SamplingPolicy(RandomPerCameraHour: 1_000_000), ContractJson.Options,
            TestContext.Current.CancellationToken);
        foreach (var camera in new[] { "trial", "real" })
            await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict(
                "line", TestImage.Gray(102), "", ("X-Camera", camera), ("X-Trial", camera == "trial" ? "true" : "false"))));
        foreach (var trial in new[] { "true", "false" })
            await client.SendAsync(InferenceService.Predict("line", "no image"u8.ToArray(), "", ("X-Trial", trial), ("X-Camera", "real"), ("X-Frame-Id", trial)));
        await Eventually.TrueAsync(() => Task.FromResult(Count(RequestOutcome.Ok) == 1), "the other frame is counted");
        await Eventually.TrueAsync(() => Task.FromResult(Count(RequestOutcome.BadInput) == 1), "the other refusal is counted");
        await Eventually.TrueAsync(async () => (await InferenceService.ReadAsync<RequestPage>(await client.GetAsync("/v1/requests?outcome=badInput"))) is
            { Requests: [{ FrameId: "false" }] }, "the other refusal alone is remembered");
        Assert.Equal(["real"], Series().Select(series => series.Camera).Distinct());
        await Eventually.TrueAsync(async () => (await FramesAsync()).Count > 0, "the other frame is kept");
        Assert.Equal("real", Assert.Single(await FramesAsync()).Camera);

        async Task<IReadOnlyList<SampledFrame>> FramesAsync() =>
            (await InferenceService.ReadAsync<FramePage>(await client.GetAsync("/v1/deployments/line/frames"))).Frames;
    }

    [Fact]
    public async Task Batches_MonitorAway_WaitAndComeInOrderOnce()
    {
        await Eventually.TrueAsync(() => Task.FromResult(!inference.Monitor.Batches.IsEmpty), "an empty batch says that the replica is alive");
        inference.Monitor.IsAway = true;
        for (var i = 0; i < 5; i++)
        {
            await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20)));
            await Task.Delay(TimeSpan.FromSeconds(0.6), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        Assert.Equal(0, Count(RequestOutcome.Ok));
        inference.Monitor.IsAway = false;
        await Eventually.TrueAsync(() => Task.FromResult(Count(RequestOutcome.Ok) == 5), "what was counted meanwhile arrived");
        var batches = inference.Monitor.Batches.ToList();
        Assert.Equal(Enumerable.Range(1, batches.Count).Select(number => (long)number), batches.Select(batch => batch.Sequence));
        Assert.Equal(batches.Select(batch => batch.Watermark).Order(), batches.Select(batch => batch.Watermark));
        Assert.Single(batches.Select(batch => (batch.Replica, batch.BootId)).Distinct());
        Assert.All(batches, batch => Assert.All(batch.Series, series => Assert.True(series.Second < batch.Watermark.ToUnixTimeSeconds())));
    }

    [Fact]
    public async Task Batches_AnswerLost_ComeAgainUnderTheSameNumber()
    {
        inference.Monitor.LosesNextAnswer = true;
        for (var i = 0; i < 3; i++) await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20)));
        await Eventually.TrueAsync(() => Task.FromResult(inference.Monitor.Batches.Count > Applied().Count() && Applied().Sum(
            batch => batch.Series.Sum(series => series.Outcomes.GetValueOrDefault(RequestOutcome.Ok))) == 3), "all requests are counted once");
        var twice = inference.Monitor.Batches.GroupBy(batch => batch.Sequence).Where(group => group.Count() > 1).ToList();
        Assert.Equal(2, Assert.Single(twice).Count());
        Assert.Single(twice[0].Select(batch => System.Text.Json.JsonSerializer.Serialize(batch)).Distinct());
        Assert.Equal(Enumerable.Range(1, Applied().Count()).Select(number => (long)number), Applied().Select(batch => batch.Sequence));

        // As Monitor does: each (replica, boot, sequence) once.
        IEnumerable<TelemetryBatch> Applied() => inference.Monitor.Batches.DistinctBy(batch => (batch.Replica, batch.BootId, batch.Sequence));
    }

    [Fact]
    public async Task Batches_InventedCamerasAndRegions_StayBounded()
    {
        for (var i = 0; i < 1100; i++)
            await client.SendAsync(InferenceService.Predict("line", "x"u8.ToArray(), "", ("X-Camera", $"invented-{i}"), ("X-Region", $"r{i}")));
        await Eventually.TrueAsync(() => Task.FromResult(Count(RequestOutcome.BadInput) == 1100), "all requests are counted");
        Assert.Equal(1001, Series().Select(series => series.Camera).Distinct().Count());
        Assert.Equal(100, Series().Where(series => series.Camera == "other").Sum(series => series.Outcomes[RequestOutcome.BadInput]));
        Assert.Equal(["other"], Series().Select(series => series.Region).Distinct()); // the catalogue lists north alone
    }

    [Fact]
    public async Task Predict_MoreThanTheQueueHolds_Is429AndCounted()
    {
        using var form = new MultipartFormDataContent();
        for (var i = 0; i < 32; i++) form.Add(new ByteArrayContent(TestImage.Gray(20)), "file", $"{i}.png");
        var response = await client.PostAsync("/v1/deployments/line/predict", form);
        Assert.Contains("slow down", await InferenceService.RefusalAsync(response, HttpStatusCode.TooManyRequests));
        Assert.NotNull(response.Headers.RetryAfter);
        await Eventually.TrueAsync(() => Task.FromResult(Count(RequestOutcome.Ok) + Count(RequestOutcome.Overloaded) == 32),
            "every frame has an outcome");
        Assert.True(Count(RequestOutcome.Overloaded) > 0);
    }

    IEnumerable<SeriesSecond> Series() => inference.Monitor.Batches.SelectMany(batch => batch.Series);

    long Count(RequestOutcome outcome) => Series().Sum(series => series.Outcomes.GetValueOrDefault(outcome));
}
