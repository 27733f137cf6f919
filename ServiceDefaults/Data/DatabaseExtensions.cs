using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using RetrainLoop.ServiceDefaults.Data;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>PostgreSQL and Redis clients, named and configured as Aspire's client packages do it.</summary>
public static class DatabaseExtensions
{
    /// <summary>
    /// Registers an <see cref="NpgsqlDataSource"/> from <c>Aspire:Npgsql</c>, then <c>Aspire:Npgsql:{name}</c>, then
    /// <c>ConnectionStrings:{name}</c>; with health check <c>PostgreSql</c>, tracing and metrics unless switched off.
    /// </summary>
    public static void AddNpgsqlDataSource(this IHostApplicationBuilder builder, string connectionName)
    {
        var settings = ClientSettings.Read(builder.Configuration, "Npgsql", connectionName);
        builder.Services.AddNpgsqlDataSource(settings.ConnectionString);
        if (!settings.DisableHealthChecks)
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration("PostgreSql",
                services => new PostgresHealthCheck(services.GetRequiredService<NpgsqlDataSource>()), HealthStatus.Unhealthy, tags: null));
        if (!settings.DisableTracing) builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddNpgsql());
        if (!settings.DisableMetrics) builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Npgsql"));
    }

    /// <summary>Runs the numbered SQL files embedded in <paramref name="migrations"/> before the service listens.</summary>
    public static void AddMigrations(this IHostApplicationBuilder builder, string connectionName, Assembly migrations)
    {
        var settings = ClientSettings.Read(builder.Configuration, "Npgsql", connectionName);
        builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<Migrator>(services, settings.ConnectionString, migrations));
    }

    /// <summary>Registers a connection that never blocks the start and heals by itself, with health check <c>StackExchange.Redis</c>.</summary>
    public static void AddRedisClient(this IHostApplicationBuilder builder, string connectionName)
    {
        var settings = ClientSettings.Read(builder.Configuration, "StackExchange:Redis", connectionName);
        var options = ConfigurationOptions.Parse(settings.ConnectionString);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 2000;
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(options));
        if (!settings.DisableHealthChecks)
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration("StackExchange.Redis",
                services => new RedisHealthCheck(services.GetRequiredService<IConnectionMultiplexer>()), HealthStatus.Degraded, tags: null));
    }
}
