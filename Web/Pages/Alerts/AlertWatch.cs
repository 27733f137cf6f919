using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages.Alerts;

/// <summary>Keeps the alerts at hand for every page: one question to Monitor every few seconds, however many people look.</summary>
public sealed class AlertWatch(IServiceProvider services, TimeProvider time) : BackgroundService
{
    static readonly TimeSpan Pace = TimeSpan.FromSeconds(3);
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, time);
        do await RefreshAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Asks now, for example after an action.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var before = Firing;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(_ => limit.Cancel(), null, Patience, Timeout.InfiniteTimeSpan);
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
