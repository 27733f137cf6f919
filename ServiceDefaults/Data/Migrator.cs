using System.Reflection;
using DbUp;
using DbUp.Engine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace RetrainLoop.ServiceDefaults.Data;

/// <summary>
/// Brings a service's database up to date before the service listens: first the tables that ServiceDefaults owns, then the service's.
/// An advisory lock lets one of several replicas work while the others wait. A database that is away is waited for.
/// </summary>
sealed partial class Migrator(string connectionString, Assembly migrations, TimeProvider time, ILogger<Migrator> logger) : IHostedService
{
    const long LockKey = 0x52_4c_4d_49_47; // "RLMIG"

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(250);
        while (true)
        {
            try
            {
                await MigrateAsync(cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException { IsTransient: true } or TimeoutException)
            {
                LogWaiting(exception.Message, pause);
                await Task.Delay(pause, time, cancellationToken);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, TimeSpan.FromSeconds(5).Ticks));
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task MigrateAsync(CancellationToken cancellationToken)
    {
        // Not pooled: an idle pooled connection would hold the lock, and keep the next replica waiting, until the pool closes it minutes later.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using (var take = new NpgsqlCommand("select pg_advisory_lock($1)", connection) { Parameters = { new() { Value = LockKey } }, CommandTimeout = 0 })
            await take.ExecuteNonQueryAsync(cancellationToken);
        Run(typeof(Migrator).Assembly);
        if (migrations != typeof(Migrator).Assembly) Run(migrations);
    }

    void Run(Assembly assembly)
    {
        var result = DeployChanges.To.PostgresqlDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(assembly, name => name.EndsWith(".sql", StringComparison.Ordinal) && name.Contains(".Migrations.", StringComparison.Ordinal))
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful) throw new InvalidOperationException($"Migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
        foreach (SqlScript script in result.Scripts) LogApplied(script.Name);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied migration {Script}")]
    partial void LogApplied(string script);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is not there yet ({Reason}); trying again in {Pause}")]
    partial void LogWaiting(string reason, TimeSpan pause);
}
