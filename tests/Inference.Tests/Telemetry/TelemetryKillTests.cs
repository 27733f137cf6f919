using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RetrainLoop.Tests.Inference.Telemetry;

/// <summary>Telemetry of a process that is killed while Monitor is away.</summary>
public sealed class TelemetryKillTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly string data = Directory.CreateTempSubdirectory("retrainloop-kill-").FullName;
    readonly ConcurrentQueue<TelemetryBatch> received = new();
    WebApplication monitor = null!;
    bool isAway = true;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        monitor = builder.Build();
        monitor.Urls.Add("http://127.0.0.1:0");
        monitor.MapPost("/v1/telemetry", ReceiveAsync);
        await monitor.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await monitor.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Kill_WhileMonitorIsAway_LosesNothingThatWasSpooledAndKeepsTheOrder()
    {
        var database = await postgres.CreateDatabaseAsync();
        const int sent = 20;
        await using (var process = await StartAsync(database))
        {
            await InferenceService.RegisterAsync(process.Client, "tiny", TinyModel.Create());
            await InferenceService.DeployAsync(process.Client, "line", new DeploymentRequest("tiny", 1));
            for (var i = 0; i < sent; i++) await InferenceService.ReadAsync<PredictResponse>(
                await process.Client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20))));
            var before = Spooled();
            await Eventually.TrueAsync(() => Task.FromResult(Spooled() >= before + 3), "the seconds of the requests wait on disk");
            process.Kill();
        }
        isAway = false;
        await using var next = await StartAsync(database);
        await Eventually.TrueAsync(() => Task.FromResult(received.Select(batch => batch.BootId).Distinct().Count() == 2), "both boots are heard");
        var boots = received.Select(batch => batch.BootId).Distinct().ToList();
        Assert.Equal(sent, received.Sum(batch => batch.Series.Sum(series => series.Outcomes.GetValueOrDefault(RequestOutcome.Ok))));
        Assert.Equal(received.Select(batch => boots.IndexOf(batch.BootId)).Order(), received.Select(batch => boots.IndexOf(batch.BootId)));
        foreach (var boot in boots)
        {
            var sequences = received.Where(batch => batch.BootId == boot).Select(batch => batch.Sequence).ToList();
            Assert.Equal(Enumerable.Range(1, sequences.Count).Select(number => (long)number), sequences);
        }
    }

    Task<InferenceProcess> StartAsync(string database) => InferenceProcess.StartAsync(database, redis, data,
        ("services:monitor:http:0", monitor.Urls.Single()), ("Telemetry:SpooledBatchSeconds", "1"));

    int Spooled() => Directory.Exists(Path.Combine(data, "spool"))
        ? Directory.GetFiles(Path.Combine(data, "spool"), "*.json.gz", SearchOption.AllDirectories).Length : 0;

    async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        await using var gzip = new GZipStream(request.Body, CompressionMode.Decompress);
        var batch = await JsonSerializer.DeserializeAsync<TelemetryBatch>(gzip, ContractJson.Options);
        if (isAway) return Results.StatusCode(503);
        received.Enqueue(batch!);
        return Results.Json(new TelemetryAck(false), ContractJson.Options);
    }
}
