using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Models;

namespace RetrainLoop.Inference.Deployments;

/// <summary>
/// Keeps this replica at the deployments' newest revisions: at its start, when PostgreSQL notifies of a change, and every few seconds, should a
/// notice be lost. While the database is away, what serves goes on serving.
/// </summary>
sealed partial class DeploymentWatcher(
    NpgsqlDataSource database, DeploymentDirectory directory, Replicas replicas, IOptions<DeploymentOptions> options, TimeProvider time,
    ILogger<DeploymentWatcher> logger) : BackgroundService, IHealthCheck
{
    readonly Channel<bool> wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(directory.IsLoaded ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "The models are being loaded."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listening = ListenAsync(stoppingToken);
        await using var poll = time.CreateTimer(
            _ => wakes.Writer.TryWrite(true), null, TimeSpan.Zero, TimeSpan.FromSeconds(options.Value.PollSeconds));
        try
        {
            await foreach (var _ in wakes.Reader.ReadAllAsync(stoppingToken)) await ConvergeAsync(stoppingToken);
        }
        finally
        {
            await listening;
        }
    }

    async Task ConvergeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await replicas.BeatAsync(database, time.GetUtcNow(), cancellationToken);
            foreach (var deployment in await DeploymentSql.ListAsync(database, cancellationToken)) await ApplyAsync(deployment, cancellationToken);
            directory.IsLoaded = true;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            LogDatabaseAway(exception.Message);
        }
    }

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
                connection.Notification += (_, _) => wakes.Writer.TryWrite(true);
                await using (var listen = new NpgsqlCommand($"listen {DeploymentSql.Channel}", connection))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                wakes.Writer.TryWrite(true); // what changed before listening began
                while (true) await connection.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deployments cannot be read now ({Reason}); what is loaded goes on serving")]
    partial void LogDatabaseAway(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Deployment} at revision {Revision} cannot be served here: {Reason}")]
    partial void LogNotServed(string deployment, long revision, string reason);
}
