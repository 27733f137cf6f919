using Microsoft.Extensions.Options;
using Npgsql;

namespace RetrainLoop.Training.Runs;

/// <summary>Takes runs from the queue and carries them through, <see cref="TrainingOptions.Workers"/> at a time.</summary>
public sealed partial class RunWorker(
    RunQueue queue, RunExecution execution, TimeProvider time, IOptions<TrainingOptions> options, ILogger<RunWorker> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Workers).Select(_ => WorkAsync(Guid.NewGuid(), stoppingToken)));

    async Task WorkAsync(Guid worker, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await queue.ClaimAsync(worker, stopping) is { } run) await execution.RunAsync(run, worker, stopping);
                else await Task.Delay(options.Value.Poll, time, stopping);
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException)
            {
                LogDatabaseAway(error.Message);
                await Task.Delay(options.Value.Heartbeat, time, stopping);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogFailed(error);
                await Task.Delay(options.Value.Heartbeat, time, stopping);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away ({Reason}); runs wait")]
    partial void LogDatabaseAway(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A run was dropped; it is taken up again when its lease ends")]
    partial void LogFailed(Exception error);
}
