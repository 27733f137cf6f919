using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using RetrainLoop.Inference.DetectionJobs;
using RetrainLoop.Inference.Sampling;

namespace RetrainLoop.Tests.Inference.Comparisons;

public sealed class ComparisonsApiTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync(("Telemetry:Enabled", "false"), ("DetectionJobs:PollSeconds", "0.2"), ("DetectionJobs:RetentionDays", "0.001"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create());
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create(variant: 15)); // sees "dark" 15 px further right
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1, OperatingPoint: 0.3,
            Sampling: new SamplingPolicy(RandomPerCameraHour: 1_000_000)));
        // b = 0.2: only "dark" counts; b = 0.9: only "bright", in which both models agree.
        foreach (var (level, hour) in new[] { (51, 1), (229, 2), (51, 30) })
            await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict("line", TestImage.Gray((byte)level), "",
                ("X-Camera", "c1"), ("X-Captured-At", Start.AddHours(hour).ToString("O")))));
        await Eventually.TrueAsync(async () => (await InferenceService.ReadAsync<FramePage>(await client.GetAsync("/v1/deployments/line/frames")))
            .Frames.Count == 3, "the frames are kept");
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Post_ModelOverADaysFrames_ShowsBothModelsBoxesWithDifferencesFirst()
    {
        var comparison = await FinishedAsync(await AddAsync(new ComparisonRequest("line", new ModelRef("tiny", 2), Start, Start.AddDays(1))));
        Assert.Equal((DetectionJobState.Succeeded, 2, 4, 4), (comparison.Comparison.State, comparison.Comparison.Frames, comparison.Comparison.Total,
            comparison.Comparison.Done));
        Assert.Equal((1, 1, 1), (comparison.Comparison.Agreements, comparison.Comparison.OnlyModel, comparison.Comparison.OnlyChampion));
        Assert.Equal([Start.AddHours(1), Start.AddHours(2)], comparison.Frames.Select(frame => frame.CapturedAt));
        var differs = comparison.Frames[0];
        Assert.Equal((15f, 64, "c1"), (Assert.Single(differs.Model).X - Assert.Single(differs.Champion).X, differs.Width, differs.Camera));
        Assert.Equal("bright", Assert.Single(comparison.Frames[1].Model).Name);
        var all = await InferenceService.ReadAsync<ComparisonDetail>(await client.GetAsync($"/v1/comparisons/{comparison.Comparison.Id}?conf=0.05"));
        Assert.All(all.Frames, frame => Assert.Equal(2, frame.Model.Count));
        Assert.Equal(comparison.Comparison.Id, Assert.Single(
            await InferenceService.ReadAsync<List<ComparisonInfo>>(await client.GetAsync("/v1/comparisons?deployment=line"))).Id);
        Assert.Empty(await InferenceService.ReadAsync<List<ComparisonInfo>>(await client.GetAsync("/v1/comparisons?deployment=other")));
        var first = await AddAsync(new ComparisonRequest("line", new ModelRef("tiny", 2), Start, Start.AddDays(9), MaximumFrames: 1));
        Assert.Equal(1, first.Frames);
    }

    [Fact]
    public async Task Read_FrameThatWasErased_IsLeftOut()
    {
        var comparison = await FinishedAsync(await AddAsync(new ComparisonRequest("line", new ModelRef("tiny", 2), Start, Start.AddDays(1))));
        Assert.True((await client.DeleteAsync($"/v1/frames/{comparison.Frames[0].Frame}")).IsSuccessStatusCode);
        var after = await InferenceService.ReadAsync<ComparisonDetail>(await client.GetAsync($"/v1/comparisons/{comparison.Comparison.Id}"));
        Assert.Equal(comparison.Frames[1].Frame, Assert.Single(after.Frames).Frame);
    }

    [Fact]
    public async Task Forget_OldJobs_RemovesResultsAndComparisons()
    {
        var comparison = (await FinishedAsync(await AddAsync(new ComparisonRequest("line", new ModelRef("tiny", 2), Start, Start.AddDays(1))))).Comparison;
        var retention = inference.Service.Services.GetRequiredService<DetectionJobRetention>();
        var files = FilesOf();
        await retention.RunOnceAsync(default);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/v1/comparisons/{comparison.Id}")).StatusCode); // not old enough
        await using (var database = Npgsql.NpgsqlDataSource.Create(inference.Database))
        await using (var age = database.CreateCommand("update detection_jobs set finished_at = finished_at - interval '1 day'"))
            await age.ExecuteNonQueryAsync();
        await retention.RunOnceAsync(default);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/v1/comparisons/{comparison.Id}")).StatusCode);
        Assert.Equal(files - 2, FilesOf());
    }

    [Fact]
    public async Task Post_NothingToCompare_IsRefused()
    {
        async Task<string> RefusalAsync(ComparisonRequest request, HttpStatusCode status) => await InferenceService.RefusalAsync(
            await client.PostAsJsonAsync("/v1/comparisons", request, ContractJson.Options), status);
        Assert.Contains("is the champion", await RefusalAsync(new ComparisonRequest("line", new ModelRef("tiny", 1)), HttpStatusCode.BadRequest));
        Assert.Contains("kept no frames", await RefusalAsync(
            new ComparisonRequest("line", new ModelRef("tiny", 2), Start.AddYears(-1), Start), HttpStatusCode.UnprocessableEntity));
        Assert.Contains("no model none v1", await RefusalAsync(new ComparisonRequest("line", new ModelRef("none", 1)), HttpStatusCode.UnprocessableEntity));
        Assert.Contains("no deployment", await RefusalAsync(new ComparisonRequest("nowhere", new ModelRef("tiny", 2)), HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Cancel_Comparison_EndsBothJobs()
    {
        var comparison = await AddAsync(new ComparisonRequest("line", new ModelRef("tiny", 2), Start, Start.AddDays(9)));
        var cancelled = await InferenceService.ReadAsync<ComparisonInfo>(await client.PostAsync($"/v1/comparisons/{comparison.Id}/cancel", null));
        Assert.True(cancelled.State is DetectionJobState.Cancelled or DetectionJobState.Succeeded, $"{cancelled.State}"); // it may have been quicker
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync($"/v1/comparisons/{Guid.NewGuid()}/cancel", null)).StatusCode);
    }

    int FilesOf() => Directory.GetFiles(
        inference.Service.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<RetrainLoop.ServiceDefaults.Blobs.BlobOptions>>().Value.Root,
        "*", SearchOption.AllDirectories).Length;

    async Task<ComparisonInfo> AddAsync(ComparisonRequest request) => await InferenceService.ReadAsync<ComparisonInfo>(
        await client.PostAsJsonAsync("/v1/comparisons", request, ContractJson.Options));

    Task<ComparisonDetail> FinishedAsync(ComparisonInfo comparison) => Eventually.NotNullAsync(async () =>
        await InferenceService.ReadAsync<ComparisonDetail>(await client.GetAsync($"/v1/comparisons/{comparison.Id}")) is
            { Comparison.State: not (DetectionJobState.Queued or DetectionJobState.Running) } finished ? finished : null, "the comparison is finished");
}
