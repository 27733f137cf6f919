using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Benchmarks.Monitor;

/// <summary>A durable PostgreSQL with Monitor's tables, and the work that runs on it.</summary>
sealed class MonitorUnderLoad : IAsyncDisposable
{
    readonly PostgresServer postgres = new() { Durable = true };

    public NpgsqlDataSource Database { get; private set; } = null!;
    public SettableTime Time { get; } = new();
    public TelemetryFolder Folder { get; private set; } = null!;
    public SeriesRollUp RollUp { get; private set; } = null!;

    public static async Task<MonitorUnderLoad> StartAsync(CancellationToken cancellationToken)
    {
        var load = new MonitorUnderLoad();
        await load.postgres.InitializeAsync();
        var connectionString = await load.postgres.CreateDatabaseAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:monitordb"] = connectionString;
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddMigrations("monitordb", typeof(TelemetryFolder).Assembly);
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        await host.StopAsync(cancellationToken);
        load.Database = NpgsqlDataSource.Create(connectionString);
        var options = Options.Create(new TelemetryOptions());
        load.Folder = new TelemetryFolder(load.Database, options, load.Time, NullLogger<TelemetryFolder>.Instance);
        load.RollUp = new SeriesRollUp(load.Database, options, load.Time, NullLogger<SeriesRollUp>.Instance);
        return load;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await postgres.DisposeAsync();
    }
}

/// <summary>Calendar time that the benchmark moves; timestamps stay real.</summary>
sealed class SettableTime : TimeProvider
{
    public DateTimeOffset Now { get; set; }

    public override DateTimeOffset GetUtcNow() => Now;
}
