using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc;
using RetrainLoop.Tests.Monitor.Api;

namespace RetrainLoop.Tests.Monitor.Metrics;

public sealed class MetricsApiTests(PostgresServer postgres, RedisServer redis) : MonitorService(postgres, redis)
{
    int ticks;

    [Fact]
    public async Task Exports_OfAPlayedMinute_AreReadableByOthers()
    {
        await PublishAsync(Batches.Deployment());
        await PlayAsync(TimeSpan.FromMinutes(2));
        var range = $"from={Start:yyyy-MM-ddTHH:mm:ssZ}&to={Start.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}&step=60";
        await Eventually.TrueAsync(async () =>
        {
            Tick();
            // A minute under way has its rate already; what is exported is the last whole one.
            return (await GetAsync<MetricsResponse>($"/v1/deployments/line/metrics?metric=requests&{range}")).Series[0].Points[0].Value is 4.0
                && (await Client.GetStringAsync("/v1/prometheus", TestContext.Current.CancellationToken)).Contains("retrainloop_requests_per_second{", StringComparison.Ordinal);
        }, "a whole minute is folded");

        var csv = await Client.GetAsync($"/v1/deployments/line/metrics?metric=requests&split=camera&format=csv&{range}", TestContext.Current.CancellationToken);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        Assert.Equal("time,camera,value,unit\r\n2026-11-23T06:00:00Z,cam-1,4,requests/s\r\n", await csv.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        foreach (var path in new[] { "/v1/prometheus", "/v1/deployments/line/prometheus" })
        {
            var text = await Client.GetStringAsync(path, TestContext.Current.CancellationToken);
            Assert.Contains("\nretrainloop_requests_per_second{deployment=\"line\",model=\"line\",version=\"1\",slot=\"champion\",region=\"berlin\"} 4\n", text, StringComparison.Ordinal);
            Assert.Contains("# TYPE retrainloop_request_latency_seconds gauge\n", text, StringComparison.Ordinal);
        }
        using var anonymous = AnonymousClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.GetAsync("/v1/prometheus", TestContext.Current.CancellationToken)).StatusCode);

        Assert.Equal(8, (await GetAsync<List<MetricFigure>>("/v1/deployments/line/figures")).Count);
        Assert.Equal(["cam-1"], (await GetAsync<MetricDimensions>("/v1/deployments/line/dimensions")).Cameras);
        var refusal = await Client.GetAsync("/v1/deployments/line/metrics?metric=speed", TestContext.Current.CancellationToken);
        Assert.Contains("latency", (await refusal.Content.ReadFromJsonAsync<ProblemDetails>(TestContext.Current.CancellationToken))!.Detail, StringComparison.Ordinal);
    }

    /// <summary>Wakes the background work; twenty seconds at most, so that the replica still counts as alive however slow the machine is.</summary>
    void Tick()
    {
        if (ticks++ < 20) Time.Advance(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.UnprocessableEntity)]
    public async Task Telemetry_InBytes_IsTakenWhenWhole(bool whole, HttpStatusCode expected)
    {
        var body = TelemetryBatchCodec.Encode(Batches.Batch(1, Start, Batches.Second(Start.AddSeconds(-1), requests: 3)));
        using var content = new ByteArrayContent(whole ? body : body[..^1]);
        content.Headers.ContentType = new(TelemetryBatchCodec.MediaType);
        Assert.Equal(expected, (await Client.PostAsync("/v1/telemetry", content, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Telemetry_BatchFromTheFuture_IsRefusedAndClosesNothing()
    {
        await PublishAsync(Batches.Deployment());
        var poisoned = Batches.Batch(1, Start, Batches.Second(Start.AddSeconds(-1)), Batches.Second(Start.AddYears(1)));
        Assert.Contains("future", (await PostAsync<ProblemDetails>("/v1/telemetry", poisoned, HttpStatusCode.UnprocessableEntity)).Detail, StringComparison.Ordinal);
        await PlayAsync(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(async () =>
        {
            Tick();
            return (await GetAsync<DeploymentSummary>("/v1/deployments/line/summary")) is { RequestsPerSecond: 4, Lag: < 60 };
        }, "the minute after it counts as it is");
    }
}
