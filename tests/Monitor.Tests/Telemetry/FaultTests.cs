using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Time.Testing;

namespace RetrainLoop.Tests.Monitor.Telemetry;

/// <summary>What the rest of the machine can do to the running service. PostgreSQL is this test's own, because it is stopped.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    readonly FakeTimeProvider time = new(Start);
    readonly PostgresServer postgres = new();
    ServiceUnderTest<Program> service = null!;
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        await postgres.InitializeAsync();
        // Nothing listens for Redis all the while.
        service = new ServiceUnderTest<Program>(ServiceUnderTest<Program>.Settings("monitordb", await postgres.CreateDatabaseAsync(), "127.0.0.1:1"), time);
        client = service.CreateStackClient();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await service.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [Fact]
    public async Task Telemetry_DatabaseAwayForTwoMinutesAndRedisAllAlong_IsTakenAgainWithoutARestartAndCountsOnce()
    {
        Assert.Equal(HttpStatusCode.OK, await SendAsync(1));
        await FoldedAsync(10);

        postgres.Stop();
        for (var seconds = 0; seconds < 120; seconds += 10)
        {
            time.Advance(TimeSpan.FromSeconds(10)); // every background worker tries and fails meanwhile
            if (seconds % 60 == 0) Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(2)); // the replica keeps it on disk
        }
        await postgres.StartAsync();

        await Eventually.TrueAsync(async () => await SendAsync(2) == HttpStatusCode.OK, "the batch is taken");
        Assert.Equal(HttpStatusCode.OK, await SendAsync(2)); // its acknowledgement was lost: it comes again
        Assert.Equal(HttpStatusCode.OK, await SendAsync(3));
        await FoldedAsync(30);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/alive")).StatusCode);
    }

    /// <summary>Ten requests in the ten seconds that a batch speaks of.</summary>
    async Task<HttpStatusCode> SendAsync(int sequence)
    {
        var from = Start.AddSeconds(10 * (sequence - 1));
        if (time.GetUtcNow() < from.AddSeconds(10)) time.Advance(from.AddSeconds(10) - time.GetUtcNow());
        var batch = Batches.Batch(sequence, from.AddSeconds(10), Batches.Second(from.AddSeconds(3), requests: 10));
        return (await client.PostAsJsonAsync("/v1/telemetry", batch, ContractJson.Options)).StatusCode;
    }

    Task FoldedAsync(long requests) => Eventually.TrueAsync(async () =>
    {
        time.Advance(TimeSpan.FromSeconds(1));
        var answer = await client.GetAsync($"/v1/deployments/line/metrics?metric=requests&from={Start:yyyy-MM-ddTHH:mm:ssZ}&to={Start.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}&step=10");
        if (!answer.IsSuccessStatusCode) return false;
        var points = (await answer.Content.ReadFromJsonAsync<MetricsResponse>(ContractJson.Options))!.Series[0].Points;
        return Math.Abs(points.Sum(point => point.Value ?? 0) * 10 - requests) < 1e-9;
    }, $"{requests} requests are counted");
}
