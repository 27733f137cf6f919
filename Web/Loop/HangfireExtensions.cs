using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Microsoft.Extensions.Options;
using Npgsql;

namespace RetrainLoop.Web.Loop;

static class HangfireExtensions
{
    const string Schema = "hangfire";
    static readonly TimeSpan KeepFinishedJobs = TimeSpan.FromHours(2);

    /// <summary>Hangfire in webdb. The storage is made without touching the database, which may still be starting; the schema follows the migrations.</summary>
    public static void AddLoopJobs(this WebApplicationBuilder builder, string connectionName)
    {
        var connectionString = builder.Configuration.GetConnectionString(connectionName)!;
        builder.Services.AddSingleton<JobStorage>(_ =>
        {
            var options = new PostgreSqlStorageOptions
            {
                SchemaName = Schema,
                PrepareSchemaIfNecessary = false,
                UseSlidingInvisibilityTimeout = true, // without it a long job is started again while it runs
                InvisibilityTimeout = TimeSpan.FromSeconds(30), // how long a killed worker's job waits for another one
                EnableLongPolling = true, // a job starts within milliseconds of being enqueued, in whichever process
                AllowDegradedModeWithoutStorage = false,
                QueuePollInterval = TimeSpan.FromSeconds(5),
            };
            return new PostgreSqlStorage(new NpgsqlConnectionFactory(connectionString, options), options) { JobExpirationTimeout = KeepFinishedJobs };
        });
        builder.Services.AddSingleton<JobActivator>(
            services => new AspNetCoreJobActivator(services.GetRequiredService<IServiceScopeFactory>())); // else a static one
        builder.Services.AddHangfire(hangfire => hangfire
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings());
        builder.Services.AddHostedService<HangfireSchema>();
        builder.Services.AddHangfireServer((services, server) =>
        {
            var loop = services.GetRequiredService<IOptions<LoopOptions>>().Value;
            server.WorkerCount = loop.Workers;
            server.SchedulePollingInterval = TimeSpan.FromSeconds(loop.ScheduleSeconds);
        });
    }

    /// <summary>Runs after the migrations, which wait for the database, and before the job server.</summary>
    sealed class HangfireSchema(NpgsqlDataSource database) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            PostgreSqlObjectsInstaller.Install(connection, Schema);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
