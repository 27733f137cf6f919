using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Service = RetrainLoop.Tests.Testing.ServiceUnderTest<RetrainLoop.Inference.Execution.ExecutionOptions>;

namespace RetrainLoop.Benchmarks.Inference;

/// <summary>What the service needs around it: PostgreSQL, Redis, and a telemetry intake that takes everything and keeps nothing.</summary>
sealed class Backing : IAsyncDisposable
{
    readonly PostgresServer postgres = new();
    readonly RedisServer redis = new();
    readonly WebApplication monitor;

    Backing()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        monitor = builder.Build();
        monitor.MapPost("/v1/telemetry", async (HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null);
            return TypedResults.Ok(new TelemetryAck(false));
        });
    }

    public static async Task<Backing> StartAsync(CancellationToken cancellationToken)
    {
        var backing = new Backing();
        await backing.postgres.InitializeAsync();
        await backing.redis.InitializeAsync();
        await backing.monitor.StartAsync(cancellationToken);
        return backing;
    }

    /// <summary>Settings of a service with a database of its own.</summary>
    public async Task<Dictionary<string, string>> SettingsAsync(params (string Key, string Value)[] more)
    {
        var settings = Service.Settings("inferencedb", await postgres.CreateDatabaseAsync(), redis.ConnectionString, more);
        settings["services:monitor:http:0"] = monitor.Urls.First();
        return settings;
    }

    public async ValueTask DisposeAsync()
    {
        await monitor.DisposeAsync();
        await redis.DisposeAsync();
        await postgres.DisposeAsync();
    }
}
