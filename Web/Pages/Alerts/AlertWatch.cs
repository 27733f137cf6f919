using RetrainLoop.ServiceDefaults.Hosting;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages.Alerts;

/// <summary>Keeps the alerts at hand for every page: one question to Monitor every few seconds, however many people look.</summary>
public sealed class AlertWatch(IServiceProvider services, TimeProvider time, ILogger<AlertWatch> logger) : RecurringWork(time, logger)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    volatile IReadOnlyList<AlertInfo>? alerts;

    /// <summary>As Monitor said last, firing first; null until it has answered once.</summary>
    public IReadOnlyList<AlertInfo>? Alerts => alerts;

    /// <summary>False = <see cref="Alerts"/> may be out of date.</summary>
    public bool Answers { get; private set; }

    /// <summary>Alerts that fire for real: neither test nor replay.</summary>
    public int Firing => alerts?.Count(alert => alert is { State: AlertState.Firing, Test: false, Replay: false }) ?? 0;

    /// <summary>Raised on a thread of the watch after each answer that differs in what the navigation shows.</summary>
    public event Action? Changed;

    protected override TimeSpan Interval => TimeSpan.FromSeconds(3);

    /// <summary>Asks now, for example after an action.</summary>
    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var before = Firing;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = Time.CreateTimer(_ => limit.Cancel(), null, Patience, Timeout.InfiniteTimeSpan);
        try
        {
            alerts = await services.GetRequiredService<AlertsClient>().AlertsAsync(limit.Token);
            Answers = true;
        }
        catch (Exception exception) when (exception is StackException || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Answers = false;
        }
        if (before != Firing) Changed?.Invoke();
    }
}
