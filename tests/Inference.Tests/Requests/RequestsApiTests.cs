using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RetrainLoop.Inference.Requests;

namespace RetrainLoop.Tests.Inference.Requests;

public sealed class RequestsApiTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync(("Requests:MaxRequests", "5"), ("Requests:FailuresPerMinute", "1000"), ("Telemetry:Enabled", "false"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create(failsAbove: 9));
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1, Sampling: new SamplingPolicy(RandomPerCameraHour: 0,
            BandLow: 1, BandHigh: 1, Caps: new SamplingCaps(1000, 1000, 1000), Classes: ["dark"])));
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public async Task Read_FailedImageOfAForm_TellsWhichFileAndWhy()
    {
        using var form = new MultipartFormDataContent();
        form.Headers.Add("X-Camera", "c1");
        form.Add(new ByteArrayContent(TestImage.Gray(150)), "file", "fine.png");
        form.Add(new ByteArrayContent("once upon a time"u8.ToArray()), "file", "tale.jpg");
        var refused = await client.PostAsync("/v1/deployments/line/predict", form);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        var request = await FindAsync(JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("requestId").GetString()!);
        Assert.Equal(("line", RequestOutcome.BadInput, 415, new ModelRef("tiny", 1)),
            (request.Deployment, request.Outcome, request.Status, request.Model));
        Assert.Contains("a text file", Assert.Single(request.Images, image => image.File == "tale.jpg").Reason);
    }

    [Fact]
    public async Task Read_SampledRequest_LinksItsFrame()
    {
        var answer = await InferenceService.ReadAsync<PredictResponse>(
            await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(51), "", ("X-Camera", "c1"))));
        var request = await FindAsync(answer.RequestId);
        Assert.Equal((RequestOutcome.Ok, 200, "c1"), (request.Outcome, request.Status, request.Camera));
        var frame = await InferenceService.ReadAsync<SampledFrame>(await client.GetAsync($"/v1/frames/{Assert.Single(request.Images).Frame}"));
        Assert.Equal(SampleReason.Class, frame.Reason);
    }

    [Fact]
    public async Task List_ByDeploymentAndOutcome_IsNewestFirstAndPaged()
    {
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            var failed = await client.SendAsync(InferenceService.Predict("line", i < 3 ? TestImage.Gray(250) : "text"u8.ToArray()));
            ids.Add(JsonDocument.Parse(await failed.Content.ReadAsStringAsync()).RootElement.GetProperty("requestId").GetString()!);
            await FindAsync(ids[^1]);
        }
        Assert.Equal(ids[3], Assert.Single((await ListAsync("?deployment=line&outcome=badInput")).Requests).Id);
        var page = await ListAsync("?outcome=failed&limit=2");
        Assert.Equal([ids[2], ids[1]], page.Requests.Select(request => request.Id));
        Assert.Equal([ids[0]], (await ListAsync($"?outcome=failed&limit=2&before={page.Next}")).Requests.Select(request => request.Id));
        Assert.Empty((await ListAsync("?deployment=other")).Requests);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/v1/requests?outcome=nice")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/v1/requests/unknown")).StatusCode);
    }

    [Fact]
    public async Task Forget_MoreThanAreKept_RemovesTheOldest()
    {
        var ids = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            var failed = await client.SendAsync(InferenceService.Predict("line", "text"u8.ToArray()));
            ids.Add(JsonDocument.Parse(await failed.Content.ReadAsStringAsync()).RootElement.GetProperty("requestId").GetString()!);
        }
        await FindAsync(ids[^1]);
        await inference.Service.Services.GetRequiredService<RequestRetention>().RunOnceAsync(default);
        Assert.Equal(ids.Skip(3).Reverse(), (await ListAsync("")).Requests.Select(request => request.Id));
    }

    [Fact]
    public void TryTake_StormOfFailures_IsCutPerMinuteAndKind()
    {
        var allowance = new FailureAllowance(2);
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => allowance.TryTake("a", RequestOutcome.Overloaded, now)));
        Assert.True(allowance.TryTake("a", RequestOutcome.Failed, now));
        Assert.True(allowance.TryTake("a", RequestOutcome.Overloaded, now.AddMinutes(1)));
    }

    Task<RequestInfo> FindAsync(string id) => Eventually.NotNullAsync(async () =>
        await client.GetAsync($"/v1/requests/{id}") is { IsSuccessStatusCode: true } found ? await InferenceService.ReadAsync<RequestInfo>(found) : null,
        "the request is remembered");

    async Task<RequestPage> ListAsync(string query) => await InferenceService.ReadAsync<RequestPage>(await client.GetAsync($"/v1/requests{query}"));
}
