using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Time.Testing;

namespace RetrainLoop.Tests.Monitor.Api;

/// <summary>The real service with real PostgreSQL and Redis on a clock that the test moves.</summary>
public abstract class MonitorService(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    internal static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    ServiceUnderTest<Program> service = null!;
    long sequence;
    string connectionString = "";

    private protected NeighbourServices Neighbours { get; private set; } = null!;
    protected FakeTimeProvider Time { get; } = new(Start);
    protected HttpClient Client { get; private set; } = null!;

    /// <summary>Further configuration of the service.</summary>
    protected virtual IEnumerable<(string Key, string Value)> Settings => [];

    public async ValueTask InitializeAsync()
    {
        Neighbours = await NeighbourServices.StartAsync();
        connectionString = await postgres.CreateDatabaseAsync();
        service = new ServiceUnderTest<Program>(ServiceUnderTest<Program>.Settings("monitordb", connectionString, redis.ConnectionString,
        [
            ("Monitor:Baseline:Window", "00:02:00"), ("Monitor:Drift:Window", "00:02:00"), ("Monitor:Evaluation:Resamples", "200"),
            ("services:labeling:http:0", Neighbours.Address), ("services:inference:http:0", Neighbours.Address), .. Settings,
        ]), Time);
        Client = service.CreateStackClient();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Client.Dispose();
        await service.DisposeAsync();
        await Neighbours.DisposeAsync();
    }

    protected HttpClient AnonymousClient() => service.CreateClient();

    protected async Task<T> PostAsync<T>(string path, object? body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var response = await Client.PostAsJsonAsync(path, body, ContractJson.Options, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == expected, $"{path}: {response.StatusCode} {text}");
        return System.Text.Json.JsonSerializer.Deserialize<T>(text, ContractJson.Options)!;
    }

    protected async Task<T> GetAsync<T>(string path) => (await Client.GetFromJsonAsync<T>(path, ContractJson.Options, TestContext.Current.CancellationToken))!;

    protected async Task PublishAsync(DeploymentInfo deployment) =>
        (await Client.PutAsJsonAsync($"/v1/deployments/{deployment.Name}", deployment, ContractJson.Options, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    /// <summary>The deployment's baseline once it has locked.</summary>
    protected Task<BaselineInfo> LockedAsync() => Eventually.NotNullAsync(async () =>
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        return (await GetAsync<List<BaselineInfo>>("/v1/deployments/line/baselines")).SingleOrDefault(info => info.State == BaselineState.Locked);
    }, "the baseline locks");

    /// <summary>Reports once everything sent so far is folded.</summary>
    protected async Task<DriftReport> EvaluateDriftAsync()
    {
        await Eventually.TrueAsync(async () =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return (await GetAsync<DeploymentSummary>("/v1/deployments/line/summary")).Lag < 12;
        }, "telemetry is folded");
        return await PostAsync<DriftReport>("/v1/deployments/line/drift-reports", new { });
    }

    /// <summary>A table as text, for what must not be in it.</summary>
    protected async Task<string> DumpAsync(string table)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand($"select coalesce(string_agg(t::text, E'\n'), '') from {table} t");
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Traffic of four frames a second for a while, with some spread, sent every ten seconds while the clock moves along.</summary>
    /// <param name="change">Makes what is sent of each second.</param>
    protected async Task PlayAsync(TimeSpan length, double confidence = 0.8, double size = 0.1, Func<SeriesSecond, SeriesSecond>? change = null)
    {
        var random = new Random(7);
        for (var end = Time.GetUtcNow() + length; Time.GetUtcNow() < end;)
        {
            var from = Time.GetUtcNow();
            var seconds = Enumerable.Range(0, 40).Select(i => Batches.Second(from.AddSeconds(i / 4),
                confidence: Math.Clamp(confidence + 0.1 * (random.NextDouble() - 0.5), 0, 1), size: size * (0.8 + 0.4 * random.NextDouble()))).ToList();
            Time.Advance(TimeSpan.FromSeconds(10));
            await PostAsync<TelemetryAck>("/v1/telemetry", Batches.Batch(++sequence, Time.GetUtcNow(), [.. seconds.Select(second => change?.Invoke(second) ?? second)]));
        }
    }
}
