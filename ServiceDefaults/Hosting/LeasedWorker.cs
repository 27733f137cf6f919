using Microsoft.Extensions.Logging;

namespace RetrainLoop.ServiceDefaults.Hosting;

/// <summary>The work turned out to be no longer this worker's: it was cancelled, deleted or taken over.</summary>
public sealed class LeaseLostException() : OperationCanceledException("It was cancelled, deleted or taken over.");

/// <summary>
/// Works through a queue in the database that several processes share, one piece of work at a time: claims one, renews its lease while the work
/// lasts, and gives it back when the host stops. What fails is recorded with the work, and the worker goes on with the next. When the process is
/// killed or the database is away, the lease runs out and another worker takes the work over.
/// </summary>
/// <typeparam name="TWork">A claimed piece of work.</typeparam>
public abstract partial class LeasedWorker<TWork>(TimeProvider time, ILogger logger) : RecurringWork(time, logger) where TWork : class
{
    static readonly TimeSpan LongestRelease = TimeSpan.FromSeconds(3);
    readonly ILogger logger = logger;

    /// <summary>Names this worker in its leases.</summary>
    protected Guid Owner { get; } = Guid.NewGuid();

    /// <summary>How long work stays with a worker that shows no sign of life.</summary>
    protected abstract TimeSpan Lease { get; }

    /// <summary>How often the lease is renewed; lost work is noticed then at the latest.</summary>
    protected virtual TimeSpan Renewal => Lease / 3;

    /// <summary>Leases the next piece of work; null when there is none. Work whose lease ran out is to be had again.</summary>
    protected abstract Task<TWork?> ClaimAsync(CancellationToken cancellationToken);

    /// <returns>False when the work is no longer this worker's.</returns>
    protected abstract Task<bool> RenewAsync(TWork work, CancellationToken cancellationToken);

    /// <summary>Does the work and records its result.</summary>
    /// <param name="cancellationToken">Cancelled when the lease is lost or the host stops.</param>
    /// <exception cref="LeaseLostException">Recording showed that the work is no longer this worker's.</exception>
    protected abstract Task WorkAsync(TWork work, CancellationToken cancellationToken);

    /// <summary>Records why the work failed for good.</summary>
    protected abstract Task FailAsync(TWork work, Exception exception, CancellationToken cancellationToken);

    /// <summary>Lets another worker go on at once.</summary>
    protected abstract Task ReleaseAsync(TWork work, CancellationToken cancellationToken);

    /// <summary>What logs call it.</summary>
    protected abstract string NameOf(TWork work);

    /// <summary>Works until nothing is left.</summary>
    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && await ClaimAsync(cancellationToken) is { } work)
            await CarryAsync(work, cancellationToken);
    }

    async Task CarryAsync(TWork work, CancellationToken stopping)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var renewing = KeepAsync(work, held);
        try
        {
            await WorkAsync(work, held.Token);
        }
        catch (OperationCanceledException exception) when (exception is LeaseLostException || held.IsCancellationRequested)
        {
            if (!stopping.IsCancellationRequested) LogLost(NameOf(work));
        }
        catch (Exception exception) when (!Outage.IsOfDatabase(exception))
        {
            LogFailed(exception, NameOf(work));
            await FailAsync(work, exception, stopping);
        }
        finally
        {
            await held.CancelAsync();
            await renewing;
            if (stopping.IsCancellationRequested) await TryReleaseAsync(work);
        }
    }

    /// <summary>Renews the lease until the work ends. A refusal, or no renewal for a whole lease, cancels the work: another may have it.</summary>
    async Task KeepAsync(TWork work, CancellationTokenSource held)
    {
        using var timer = new PeriodicTimer(Renewal, Time);
        var renewed = Time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(held.Token))
            {
                var asked = Time.GetTimestamp();
                var isHeld = await TryRenewAsync(work, held.Token);
                if (isHeld == true) renewed = asked;
                else if (isHeld == false || Time.GetElapsedTime(renewed) >= Lease) await held.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (held.IsCancellationRequested)
        {
            // The work ended, or it is lost.
        }
    }

    /// <returns>Null = it cannot be known now.</returns>
    async Task<bool?> TryRenewAsync(TWork work, CancellationToken cancellationToken)
    {
        try
        {
            return await RenewAsync(work, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogNotRenewed(NameOf(work), exception.Message);
            return null;
        }
    }

    // Best effort: without it the lease runs out by itself.
    async Task TryReleaseAsync(TWork work)
    {
        try
        {
            using var limit = new CancellationTokenSource(LongestRelease, Time);
            await ReleaseAsync(work, limit.Token);
        }
        catch (Exception exception)
        {
            LogNotReleased(NameOf(work), exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Work} was cancelled, deleted or taken over")]
    partial void LogLost(string work);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Work} failed")]
    partial void LogFailed(Exception exception, string work);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Work}: its lease cannot be renewed now ({Reason}); trying again")]
    partial void LogNotRenewed(string work, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Work} cannot be given back ({Reason}); its lease runs out")]
    partial void LogNotReleased(string work, string reason);
}
