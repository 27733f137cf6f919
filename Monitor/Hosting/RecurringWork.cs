using Npgsql;

namespace RetrainLoop.Monitor.Hosting;

/// <summary>
/// Background work in short rounds. A round that fails because the database is away, or for any other reason, is logged and tried again at the
/// next tick: nothing a round does may be lost by that.
/// </summary>
public abstract partial class RecurringWork(TimeProvider time, ILogger logger) : BackgroundService
{
    protected TimeProvider Time { get; } = time;

    protected abstract TimeSpan Interval { get; }

    /// <summary>One round. Public, so that it can be run at a chosen moment.</summary>
    public abstract Task RunOnceAsync(CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, Time);
        do
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                LogDatabaseAway(GetType().Name, exception.Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception, GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    readonly ILogger logger = logger;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Work} waits for the database: {Reason}")]
    partial void LogDatabaseAway(string work, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Work} failed and will be tried again")]
    partial void LogFailed(Exception exception, string work);
}
