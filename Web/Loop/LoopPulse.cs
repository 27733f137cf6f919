using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.Web.Stack;
using StackExchange.Redis;

namespace RetrainLoop.Web.Loop;

/// <summary>
/// Looks which arrows are due and hands those to Hangfire, each at most once at a time. Redis nudges make it look at once; without Redis the interval does.
/// </summary>
public sealed partial class LoopPulse(
    IServiceScopeFactory scopes, JobStorage storage, IBackgroundJobClient jobs, LoopSchedule schedule, PulseSignal signal, IConnectionMultiplexer redis,
    IOptions<LoopOptions> options, TimeProvider time, ILogger<LoopPulse> logger) : BackgroundService
{
    static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(15);
    static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(2); // a service that is away does not hold up the arrows of the others
    readonly Dictionary<string, (string Job, DateTimeOffset At)> lastJobs = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var nudges = redis.GetSubscriber();
        Subscribe(nudges);
        var interval = TimeSpan.FromSeconds(options.Value.PulseSeconds);
        var scheduled = false;
        IReadOnlySet<string>? nudgedBy = null;
        var fullLook = time.GetUtcNow();
        while (true)
        {
            try
            {
                if (!scheduled) schedule.ApplyCommon();
                scheduled = true;
                if (time.GetUtcNow() - fullLook >= interval) nudgedBy = null;
                if (nudgedBy is null) fullLook = time.GetUtcNow();
                await LookAsync(nudgedBy, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The database is away or starting: the next pulse tries again.
                LogMissed(exception.Message);
            }
            nudgedBy = await signal.WaitAsync(interval, TimeSpan.FromMilliseconds(options.Value.DebounceMilliseconds), stoppingToken);
        }
    }

    void Subscribe(ISubscriber nudges)
    {
        try
        {
            nudges.Subscribe(ChangeNudge.Channel, (_, service) => signal.Wake(service.ToString()), CommandFlags.FireAndForget);
        }
        catch (RedisException exception)
        {
            LogNoNudges(exception.Message);
        }
    }

    async Task LookAsync(IReadOnlySet<string>? nudgedBy, CancellationToken cancellationToken)
    {
        var asked = LoopSchedule.Arrows.Where(arrow => nudgedBy is null || arrow.Services.Any(nudgedBy.Contains)).ToList();
        var due = await Task.WhenAll(asked.Select(arrow => IsDueAsync(arrow, cancellationToken)));
        foreach (var arrow in asked.Where((_, index) => due[index]))
            if (!IsPending(arrow.Name)) lastJobs[arrow.Name] = (arrow.Enqueue(jobs), time.GetUtcNow());
    }

    async Task<bool> IsDueAsync(PulsedArrow arrow, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LookLimit);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await arrow.IsDue(scope.ServiceProvider, limit.Token);
        }
        catch (Exception exception) when (
            exception is StackException or NpgsqlException or TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            LogUnknown(arrow.Name, exception.Message);
            return false;
        }
    }

    /// <summary>Queued or running already, or failed a moment ago: an arrow that cannot work is shown on the Jobs page without filling it.</summary>
    bool IsPending(string arrow)
    {
        if (!lastJobs.TryGetValue(arrow, out var last)) return false;
        using var connection = storage.GetConnection();
        var state = connection.GetStateData(last.Job)?.Name;
        return state == EnqueuedState.StateName || state == ProcessingState.StateName
            || (state == FailedState.StateName && time.GetUtcNow() - last.At < PauseAfterFailure);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The pulse of the loop is missed ({Reason}); trying again")]
    partial void LogMissed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis takes no subscription ({Reason}); arrows follow the interval alone")]
    partial void LogNoNudges(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Whether {Arrow} is due cannot be seen now: {Reason}")]
    partial void LogUnknown(string arrow, string reason);
}
