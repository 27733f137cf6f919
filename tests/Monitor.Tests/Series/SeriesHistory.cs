using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Tests.Monitor.Series;

/// <summary>A database whose history a test writes, on a clock that it moves.</summary>
public abstract class SeriesHistory(PostgresServer postgres) : MonitorDatabase(postgres)
{
    protected static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    long sequence;

    protected FakeTimeProvider Time { get; } = new(Start);
    protected TelemetryOptions Settings { get; } = new();

    protected TelemetryFolder Folder() => new(Database, Options.Create(Settings), Time, NullLogger<TelemetryFolder>.Instance);
    protected SeriesRollUp RollUp() => new(Database, Options.Create(Settings), Time, NullLogger<SeriesRollUp>.Instance);
    protected TelemetryRetention Retention() => new(Database, Options.Create(Settings), Time, NullLogger<TelemetryRetention>.Instance);

    /// <summary>Sends seconds as one batch whose watermark is now, and folds what is closed.</summary>
    protected async Task SendAsync(params IReadOnlyList<SeriesSecond> seconds)
    {
        await TelemetryIntake.KeepAsync(Database, Batches.Batch(++sequence, Time.GetUtcNow(), seconds), Time.GetUtcNow(), default);
        await Folder().RunOnceAsync(default);
    }

    protected async Task PublishAsync(DeploymentInfo deployment)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync("insert into deployments values (@Name, 1, @json::jsonb)", new { deployment.Name, json = Documents.Write(deployment) });
    }

    protected Task<List<SeriesBucket>> ReadAsync(int resolution, SeriesLevel level = SeriesLevel.Camera, TimeZoneInfo? zone = null, string deployment = "line") =>
        SeriesStore.ReadAsync(Database, new SeriesQuery(deployment, resolution, Start.AddDays(-400), Start.AddDays(400)) { Level = level, Zone = zone ?? TimeZoneInfo.Utc }, default);

    protected async Task<long> RequestsAsync(int resolution, SeriesLevel level = SeriesLevel.Camera) =>
        (await ReadAsync(resolution, level)).Sum(bucket => bucket.Sketch.Requests);

    /// <summary>Rows of a table as they are, without what finer ones add.</summary>
    protected async Task<int> RowsAsync(string table)
    {
        await using var connection = await Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>($"select count(*) from {table}");
    }
}
