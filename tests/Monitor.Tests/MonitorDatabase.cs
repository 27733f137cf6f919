using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Npgsql;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Tests.Monitor;

/// <summary>A fresh, migrated database of Monitor for each test class.</summary>
public abstract class MonitorDatabase(PostgresServer postgres) : IAsyncLifetime
{
    string connectionString = "";

    protected NpgsqlDataSource Database { get; private set; } = null!;

    /// <summary>Nudges nobody.</summary>
    internal static ChangeNudge Nudge { get; } = new(new HostingEnvironment { ApplicationName = "monitor" });

    public virtual async ValueTask InitializeAsync()
    {
        connectionString = await postgres.CreateDatabaseAsync();
        await MigrateAsync();
        Database = NpgsqlDataSource.Create(connectionString);
    }

    /// <summary>Runs the migrations that were not run yet.</summary>
    protected async Task MigrateAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:monitordb"] = connectionString;
        builder.Services.AddSingletonTime();
        builder.AddMigrations("monitordb", typeof(RetrainLoop.Monitor.Telemetry.TelemetryFolder).Assembly);
        using var host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Database.DisposeAsync();
    }
}

static class TimeRegistration
{
    public static void AddSingletonTime(this Microsoft.Extensions.DependencyInjection.IServiceCollection services) =>
        Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton(services, TimeProvider.System);
}
