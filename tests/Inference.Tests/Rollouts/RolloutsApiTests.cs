using System.Net;
using System.Net.Http.Json;

namespace RetrainLoop.Tests.Inference.Rollouts;

public sealed class RolloutsApiTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync();
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create(variant: 1));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create(variant: 2));
        await InferenceService.RegisterAsync(client, "fragile", TinyModel.Create(variant: 3, failsAbove: 6));
        await InferenceService.RegisterAsync(client, "overflows", new TinyDetector(TinyHead.Yolov8) { NaNFrom = 6 }.ToOnnx());
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1));
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public async Task Advance_PassedThroughAllSteps_MakesTheCandidateChampion()
    {
        var rollout = await StartAsync("a", new ModelRef("tiny", 2), new(0, 0, 0), new(0.5, 0, 0), new(1, 0, 0));
        Assert.Equal(rollout.Id, (await StartAsync("a", new ModelRef("tiny", 2))).Id); // the same key
        Assert.Contains("under way", await InferenceService.RefusalAsync(
            await PostStartAsync("b", new ModelRef("tiny", 2)), HttpStatusCode.Conflict));
        var shadow = await DeploymentAsync();
        Assert.Equal((new ModelRef("tiny", 2), 0.0, true), (shadow.Candidate, shadow.CandidateWeight, shadow.CandidateShadow));
        Assert.Contains("not on 1", await InferenceService.RefusalAsync(
            await PostAdvanceAsync(rollout.Id, 1, Verdict.Passed), HttpStatusCode.Conflict));

        Assert.Equal(1, (await AdvanceAsync(rollout.Id, 0, Verdict.Passed)).Step);
        var versions = new HashSet<int>();
        for (var frame = 0; frame < 40; frame++) versions.Add((await PredictAsync(20, $"frame {frame}")).Model.Version);
        Assert.Equal([1, 2], versions.Order());
        await AdvanceAsync(rollout.Id, 1, Verdict.Passed);
        Assert.Equal(2, (await PredictAsync(20, "any")).Model.Version);

        var finished = await AdvanceAsync(rollout.Id, 2, Verdict.Passed);
        Assert.Equal((RolloutState.Succeeded, 4), (finished.State, finished.Transitions.Count));
        Assert.Equal(["none>shadow", "shadow>50 %", "50 %>100 %", "100 %>succeeded"], finished.Transitions.Select(row => $"{row.From}>{row.To}"));
        var after = await DeploymentAsync();
        Assert.Equal((new ModelRef("tiny", 2), new ModelRef("tiny", 1), null, null),
            (after.Champion, after.Previous, after.Candidate, after.ActiveRollout));
        var changes = await InferenceService.ChangesAsync(client, "rollout.changed,deployment.changed", 9);
        Assert.Equal(4, changes.Count(change => change.Kind == ChangeKinds.RolloutChanged));
        Assert.Equal(5, changes.Count(change => change.Kind == ChangeKinds.DeploymentChanged));
        Assert.Equal(new ModelRef("tiny", 2), changes.Last(change => change.Kind == ChangeKinds.DeploymentChanged).Read<DeploymentInfo>().Champion);
    }

    [Fact]
    public async Task Advance_BakingStep_Is409WithTheSecondsLeft()
    {
        var rollout = await StartAsync("bake", new ModelRef("tiny", 2), new RolloutStep(0.5, 3600, 0));
        var response = await PostAdvanceAsync(rollout.Id, 0, Verdict.Passed);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 3000, 3600);
        Assert.Contains("more seconds", await InferenceService.RefusalAsync(response, HttpStatusCode.Conflict));
        await AdvanceAsync(rollout.Id, 0, Verdict.Failed);
        Assert.Null((await DeploymentAsync()).Candidate);
        Assert.Equal(1, (await PredictAsync(20, "any")).Model.Version);
    }

    [Fact]
    public async Task Predict_CandidateThatErrs_IsAnsweredByTheChampionAndTheBreakerOpens()
    {
        await StartAsync("fragile", new ModelRef("fragile", 1), new RolloutStep(1, 3600, 0));
        Assert.Equal("fragile", (await PredictAsync(20, "dark")).Model.Name); // works on dark frames
        for (var frame = 0; frame < 8; frame++) Assert.Equal("tiny", (await PredictAsync(250, $"bright {frame}")).Model.Name);
        Assert.Equal("tiny", (await PredictAsync(20, "dark again")).Model.Name); // it is open: the candidate is not asked
        await Eventually.TrueAsync(() => Task.FromResult(Outcomes(ModelSlot.Candidate, RequestOutcome.Failed) == 3),
            "three failures of the candidate are counted");
        Assert.Equal(1, Outcomes(ModelSlot.Candidate, RequestOutcome.Ok));
        await Eventually.TrueAsync(() => Task.FromResult(Outcomes(ModelSlot.Champion, RequestOutcome.Ok) == 9),
            "nine answers of the champion are counted");
    }

    [Fact]
    public async Task Predict_CandidateWhoseScoresAreNoNumbers_CountsAsFailing()
    {
        await StartAsync("overflows", new ModelRef("overflows", 1), new RolloutStep(1, 3600, 0));
        Assert.Equal("overflows", (await PredictAsync(20, "dark")).Model.Name);
        for (var frame = 0; frame < 4; frame++) Assert.Equal("tiny", (await PredictAsync(250, $"bright {frame}")).Model.Name);
        await Eventually.TrueAsync(() => Task.FromResult(Outcomes(ModelSlot.Candidate, RequestOutcome.Failed) == 3),
            "three failures of the candidate are counted");
    }

    [Theory]
    [InlineData("abort", null, "Aborted without a reason.")]
    [InlineData("abort", "{}", "Aborted without a reason.")]
    [InlineData("abort", """{"reason":"Too many boxes."}""", "Too many boxes.")]
    [InlineData("promote", """{"reason":" "}""", "Promoted without a reason.")]
    public async Task Post_CommandWithOrWithoutAReason_IsDone(string verb, string? body, string expected)
    {
        var rollout = await StartAsync($"{verb} {body}", new ModelRef("tiny", 2));
        using var content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var after = await InferenceService.ReadAsync<RolloutInfo>(
            await client.PostAsync($"/v1/rollouts/{rollout.Id}/{verb}", content, TestContext.Current.CancellationToken));
        Assert.Equal(expected, after.Transitions[^1].Reason);
        Assert.Null((await DeploymentAsync()).ActiveRollout);
    }

    [Fact]
    public async Task Post_KeyThatIsTooLong_Is400() => Assert.Contains("200 characters", await InferenceService.RefusalAsync(
        await PostStartAsync(new string('k', 5000), new ModelRef("tiny", 2)), HttpStatusCode.BadRequest));

    [Fact]
    public async Task Predict_CandidateFailsOnOneOfSeveralFiles_AllAreAnsweredByTheModelThatIsNamed()
    {
        await StartAsync("fragile", new ModelRef("fragile", 1), new RolloutStep(1, 3600, 0));
        using var form = new MultipartFormDataContent();
        foreach (var level in new byte[] { 20, 250, 30 }) form.Add(new ByteArrayContent(TestImage.Gray(level)), "file", $"{level}.png");
        var answer = await InferenceService.ReadAsync<PredictResponse>(await client.PostAsync("/v1/deployments/line/predict", form));
        Assert.Equal(new ModelRef("tiny", 1), answer.Model);
        // The dark box begins at 22 + variant; the bright one of the frame on which the candidate fails does not tell the models apart.
        Assert.Equal([23, 12, 23], answer.Images.Select(image => MathF.Round(Assert.Single(image.Boxes).X)));
    }

    [Fact]
    public async Task Predict_CandidateThatStalls_IsAnsweredByTheChampion()
    {
        var slow = File.ReadAllBytes(GoldenFolder.Shared("models", "yolov8n_int8_640.onnx"));
        await using var impatient = new InferenceService(postgres, redis);
        client = await impatient.StartAsync(("Execution:StallMs", "10"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create(variant: 1));
        await InferenceService.RegisterAsync(client, "slow", slow);
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1));
        await StartAsync("slow", new ModelRef("slow", 1), new RolloutStep(1, 3600, 0));
        for (var frame = 0; frame < 4; frame++) Assert.Equal("tiny", (await PredictAsync(20, $"frame {frame}")).Model.Name);
    }

    [Fact]
    public async Task Predict_ShadowStep_RunsTheCandidateBesideTheChampion()
    {
        await StartAsync("shadow", new ModelRef("tiny", 2), new RolloutStep(0, 3600, 0));
        Assert.Equal(1, (await PredictAsync(20, "any")).Model.Version);
        await Eventually.TrueAsync(() => Task.FromResult(Outcomes(ModelSlot.Shadow, RequestOutcome.Ok) == 1), "the shadow's frame is counted");
        Assert.Equal(0, Outcomes(ModelSlot.Candidate, RequestOutcome.Ok));
    }

    long Outcomes(ModelSlot slot, RequestOutcome outcome) => inference.Monitor.Batches.SelectMany(batch => batch.Series)
        .Where(series => series.Slot == slot).Sum(series => series.Outcomes.GetValueOrDefault(outcome));

    Task<HttpResponseMessage> PostStartAsync(string key, ModelRef candidate, params RolloutStep[] steps) =>
        client.PostAsJsonAsync("/v1/rollouts", new RolloutRequest(key, "line", candidate, steps.Length == 0 ? null : steps), ContractJson.Options);

    async Task<RolloutInfo> StartAsync(string key, ModelRef candidate, params RolloutStep[] steps) =>
        await InferenceService.ReadAsync<RolloutInfo>(await PostStartAsync(key, candidate, steps));

    Task<HttpResponseMessage> PostAdvanceAsync(Guid id, int step, Verdict verdict) =>
        client.PostAsJsonAsync($"/v1/rollouts/{id}/advance", new RolloutAdvance(step, verdict, "test"), ContractJson.Options);

    async Task<RolloutInfo> AdvanceAsync(Guid id, int step, Verdict verdict) =>
        await InferenceService.ReadAsync<RolloutInfo>(await PostAdvanceAsync(id, step, verdict));

    async Task<DeploymentInfo> DeploymentAsync() => await InferenceService.ReadAsync<DeploymentInfo>(await client.GetAsync("/v1/deployments/line"));

    async Task<PredictResponse> PredictAsync(byte level, string frame) =>
        await InferenceService.ReadAsync<PredictResponse>(
            await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(level), "", ("X-Frame-Id", frame))));
}
