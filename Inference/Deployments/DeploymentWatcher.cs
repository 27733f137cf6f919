using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Inference.Deployments;

/// <summary>
/// Keeps this replica at the deployments' newest revisions: at its start, when PostgreSQL notifies of a change, and every few seconds, should a
/// notice be lost. While the database is away, what serves goes on serving.
/// </summary>
sealed class DeploymentWatcher(
    NpgsqlDataSource database, DeploymentDirectory directory, Replicas replicas, IOptions<DeploymentOptions> options, TimeProvider time,
    ILogger<DeploymentWatcher> logger) : RecurringWork(time, logger), IHealthCheck
{
    /// <summary>A round waits so long for models to load; those that take longer go on beside the next rounds.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    readonly ConcurrentDictionary<string, byte> underWay = new(StringComparer.Ordinal);

    protected override TimeSpan Interval => TimeSpan.FromSeconds(options.Value.PollSeconds);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(directory.IsLoaded ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "The models are being loaded."));

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await replicas.BeatAsync(database, Time.GetUtcNow(), cancellationToken);
        var deployments = await DeploymentSql.ListAsync(database, cancellationToken);
        var all = Task.WhenAll(deployments.Where(deployment => underWay.TryAdd(deployment.Name, 0))
            .Select(deployment => ApplyAsync(deployment, cancellationToken)));
        if (await Task.WhenAny(all, Task.Delay(Patience, Time, cancellationToken)) != all)
        {
            _ = WakeAfterAsync(all);
            return;
        }
        await all;
        directory.IsLoaded |= underWay.IsEmpty && IsReady([.. deployments.Select(deployment => deployment.Name)]);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(base.ExecuteAsync(stoppingToken), ListenAsync(stoppingToken));

    async Task ApplyAsync(DeploymentInfo deployment, CancellationToken cancellationToken)
    {
        try
        {
            await directory.ApplyAsync(deployment, cancellationToken);
        }
        finally
        {
            underWay.TryRemove(deployment.Name, out _);
        }
    }

    // One model that cannot be had keeps no replica away that serves others; storage that is away altogether does.
    bool IsReady(IReadOnlyList<string> names) =>
        names.All(name => directory.Find(name) is not null || directory.AbsenceOf(name) is not null)
        && (names.Any(name => directory.Find(name) is not null) || names.All(name => directory.AbsenceOf(name) is { ForGood: true }));

    // Brings what changed meanwhile; after a failure the next round does.
    async Task WakeAfterAsync(Task loading)
    {
        await loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loading.IsCompletedSuccessfully) Wake();
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
}
