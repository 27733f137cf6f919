using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RetrainLoop.ServiceDefaults.Hosting;

/// <summary>
/// Background work in short rounds: one at the start, one each interval, and one at once when it is woken. A round that fails because the database is away, or for any
/// other reason, is logged and tried again with the next: nothing a round does may be lost by that, and the host goes on.
/// </summary>
public abstract partial class RecurringWork(TimeProvider time, ILogger logger) : BackgroundService
{
    readonly ILogger logger = logger;
    readonly Channel<bool> wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected TimeProvider Time { get; } = time;

    /// <summary>From the beginning of one round to the next; a round that takes longer is followed by one at once.</summary>
    protected abstract TimeSpan Interval { get; }

    /// <summary>One round. Public, so that it can be run at a chosen moment.</summary>
    public abstract Task RunOnceAsync(CancellationToken cancellationToken);

    /// <summary>Begins a round now instead of at the next tick. During a round another follows it, however often it was woken.</summary>
    public void Wake() => wakes.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Wake();
        await using var ticks = Time.CreateTimer(_ => Wake(), null, Interval, Interval);
        await foreach (var _ in wakes.Reader.ReadAllAsync(stoppingToken)) await TryRunOnceAsync(stoppingToken);
    }

    async Task TryRunOnceAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunOnceAsync(stoppingToken);
        }
        catch (Exception exception) when (Outage.Explains(exception))
        {
            LogWaiting(GetType().Name, exception.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            LogFailed(exception, GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Work} cannot go on now and tries again: {Reason}")]
    partial void LogWaiting(string work, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Work} failed and will be tried again")]
    partial void LogFailed(Exception exception, string work);
}
