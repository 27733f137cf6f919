using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Tests.Simulator.Line;

public sealed class CameraPlayerTests
{
    readonly ConcurrentQueue<(IHeaderDictionary Headers, byte[] Body)> received = new();
    int status = 200;

    Task<FakeService> StartInferenceAsync(string url = "http://127.0.0.1:0") => FakeService.StartAsync(app =>
    {
        app.MapGet("/v1/deployments/line", () => SimulatorUnderTest.Deployment("line"));
        app.MapPost("/v1/deployments/line/predict", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.Enqueue((new HeaderDictionary(request.Headers.ToDictionary()), body.ToArray()));
            return Results.StatusCode(status);
        });
    }, url);

    [Fact]
    public async Task Play_ServiceIsThere_SendsFramesThatCanBeRenderedAgain()
    {
        await using var inference = await StartInferenceAsync();
        await using var simulator = SimulatorUnderTest.Create(inference.Url, more: [("Simulator:FramesPerSecond", "50"), ("Simulator:Seed", "2000000")]);
        simulator.CreateClient();
        await Eventually.TrueAsync(() => Task.FromResult(received.Select(frame => frame.Headers["X-Camera"].ToString()).Distinct().Count() == 4), "all four cameras send");
        foreach (var (headers, body) in received)
        {
            var frame = FrameId.Parse(headers["X-Frame-Id"]);
            Assert.Equal(2_000_000, frame!.Seed);
            Assert.Equal(LineCamera.Find(frame.Camera)!.Region, headers["X-Region"].ToString());
            Assert.Equal($"Bearer {SimulatorUnderTest.ApiKey}", headers.Authorization.ToString());
            Assert.Equal("image/jpeg", headers.ContentType.ToString());
            Assert.True(DateTimeOffset.TryParse(headers["X-Captured-At"], out _));
            Assert.Equal(FrameRenderer.Jpeg(frame), body);
        }
        Assert.Equal(received.Count, received.Select(frame => frame.Headers["X-Frame-Id"].ToString()).Distinct().Count());
    }

    [Fact]
    public async Task Play_ServiceDiesAndReturns_CountsErrorsAndGoesOn()
    {
        var inference = await StartInferenceAsync();
        var url = inference.Url;
        await using var simulator = SimulatorUnderTest.Create(url, more: ("Simulator:FramesPerSecond", "50"));
        using var client = simulator.CreateStackClient();
        await Eventually.TrueAsync(async () => (await CountersAsync(client)).GetProperty("ok").GetInt64() > 0, "a frame is answered");
        await inference.DisposeAsync();
        await Eventually.TrueAsync(async () => ErrorsOf(await CountersAsync(client), "unreachable") > 2, "the dead service is noticed");
        await using var again = await StartInferenceAsync(url);
        var before = (await CountersAsync(client)).GetProperty("ok").GetInt64();
        await Eventually.TrueAsync(async () => (await CountersAsync(client)).GetProperty("ok").GetInt64() > before, "frames are answered again");
    }

    [Fact]
    public async Task Play_MalformedAndPaused_SendsBrokenFramesThenNone()
    {
        status = 415;
        await using var inference = await StartInferenceAsync();
        await using var simulator = SimulatorUnderTest.Create(inference.Url, more: ("Simulator:FramesPerSecond", "0"));
        using var client = simulator.CreateStackClient();
        await client.PutAsJsonAsync("/v1/line", new { framesPerSecond = 50, malformedShare = 1 });
        await Eventually.TrueAsync(async () => ErrorsOf(await CountersAsync(client), "415") > 20, "broken frames are refused");
        Assert.Contains(received, frame => frame.Body.Length == 0);
        Assert.Contains(received, frame => frame.Headers.ContentType == "application/pdf");
        Assert.DoesNotContain(received, frame => frame.Body.AsSpan().EndsWith<byte>([0xFF, 0xD9]));
        await client.PutAsJsonAsync("/v1/line", new { paused = true });
        long sent = -1;
        await Eventually.TrueAsync(async () => sent == (sent = (await CountersAsync(client)).GetProperty("sent").GetInt64()), "no more frames leave");
    }

    [Fact]
    public async Task Burst_OnTopOfThePausedLine_SendsOrDropsWhatWasAskedFor()
    {
        await using var inference = await StartInferenceAsync();
        await using var simulator = SimulatorUnderTest.Create(inference.Url, more: ("Simulator:FramesPerSecond", "0"));
        using var client = simulator.CreateStackClient();
        await client.PutAsJsonAsync("/v1/line", new { burst = new { requestsPerSecond = 200, seconds = 1 } });
        await Eventually.TrueAsync(async () =>
        {
            var counters = await CountersAsync(client);
            return counters.GetProperty("sent").GetInt64() + counters.GetProperty("dropped").GetInt64() == 200;
        }, "200 requests are played");
        Assert.InRange(received.Select(frame => frame.Headers["X-Frame-Id"].ToString()).Distinct().Count(), 1, 16);
    }

    static async Task<JsonElement> CountersAsync(HttpClient client) => (await client.GetFromJsonAsync<JsonElement>("/v1/line")).GetProperty("counters");

    static long ErrorsOf(JsonElement counters, string kind) =>
        counters.GetProperty("errors").TryGetProperty(kind, out var count) ? count.GetInt64() : 0;
}
