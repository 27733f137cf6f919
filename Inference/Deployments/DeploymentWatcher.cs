using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Models;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Inference.Deployments;

/// <summary>
/// Keeps this replica at the deployments' newest revisions: at its start, when PostgreSQL notifies of a change, and every few seconds, should a
/// notice be lost. While the database is away, what serves goes on serving.
/// </summary>
sealed partial class DeploymentWatcher(
    NpgsqlDataSource database, DeploymentDirectory directory, Replicas replicas, IOptions<DeploymentOptions> options, TimeProvider time,
    ILogger<DeploymentWatcher> logger) : RecurringWork(time, logger), IHealthCheck
{
    protected override TimeSpan Interval => TimeSpan.FromSeconds(options.Value.PollSeconds);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(directory.IsLoaded ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "The models are being loaded."));

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await replicas.BeatAsync(database, Time.GetUtcNow(), cancellationToken);
        foreach (var deployment in await DeploymentSql.ListAsync(database, cancellationToken)) await ApplyAsync(deployment, cancellationToken);
        directory.IsLoaded = true;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(base.ExecuteAsync(stoppingToken), ListenAsync(stoppingToken));

    async Task ApplyAsync(DeploymentInfo deployment, CancellationToken cancellationToken)
    {
        try
        {
            await directory.ApplyAsync(deployment, cancellationToken);
        }
        catch (UnservableModelException exception)
        {
            LogNotServed(deployment.Name, deployment.Revision, exception.Message);
        }
    }

    async Task ListenAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, _) => Wake();
                await using (var listen = new NpgsqlCommand($"listen {DeploymentSql.Channel}", connection))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                Wake(); // what changed before listening began
                while (true) await connection.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Deployment} at revision {Revision} cannot be served here: {Reason}")]
    partial void LogNotServed(string deployment, long revision, string reason);
}
