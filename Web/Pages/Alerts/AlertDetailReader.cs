using RetrainLoop.Web.Charts;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages.Alerts;

/// <summary>Everything that the page of one alert shows.</summary>
/// <param name="Chart">Null when there is none.</param>
/// <param name="NoChart">Why there is no chart.</param>
/// <param name="Runbook">Markdown whose links carry the alert's deployment and time; null when there is no such page.</param>
/// <param name="Replicas">Who reports, where the alert is about that; else null.</param>
public sealed record AlertView(
    AlertDetail Detail, AlertWindow Window, LineChartSpec? Chart, string? NoChart, string? Runbook, DateTimeOffset ReadAt, IReadOnlyList<TelemetryReplica>? Replicas);

/// <summary>The stretch of time around an alert.</summary>
public readonly record struct AlertWindow(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Minutes of more than two days would take long to read, and tell nothing at the width of a chart.</summary>
    static readonly TimeSpan LongestOfMinutes = TimeSpan.FromDays(2);

    /// <summary>An hour before it fired to half an hour after it resolved; a rule that is judged by days or weeks shows weeks.</summary>
    public static AlertWindow Of(AlertInfo alert, AlertRuleInfo rule, DateTimeOffset now)
    {
        var slow = AlertMetricWords.IsSlow(rule);
        var begin = alert.FiredAt ?? alert.Since;
        var end = alert.ResolvedAt is { } resolved && resolved > begin ? resolved.AddMinutes(30) : now;
        if (end > now) end = now;
        var from = slow ? end.AddDays(-28) : begin.AddHours(-1);
        return new AlertWindow(!slow && end - from > LongestOfMinutes ? end - LongestOfMinutes : from, end);
    }
}

public sealed class AlertDetailReader(AlertsClient client, TimeProvider time)
{
    static readonly TimeSpan ChartEvery = TimeSpan.FromSeconds(15);

    /// <summary>The alert is not kept from the person who was woken for longer than this.</summary>
    static readonly TimeSpan ChartPatience = TimeSpan.FromSeconds(4);

    /// <summary>Null when there is no such alert.</summary>
    /// <param name="before">What was read last: its chart and runbook are kept for a while, since they change slowly.</param>
    public async Task<AlertView?> ReadAsync(Guid id, AlertView? before, CancellationToken cancellationToken)
    {
        if (await client.FindAsync(id, cancellationToken) is not { } detail) return null;
        var now = time.GetUtcNow();
        if (before is not null && before.Detail.Alert.State == detail.Alert.State && now - before.ReadAt < ChartEvery) return before with { Detail = detail };
        var window = AlertWindow.Of(detail.Alert, detail.Rule, now);
        var runbook = StackAnswer.TryAsync(
            client.RunbookAsync(detail.Alert.Runbook, detail.Alert.Deployment, window.From, window.To, cancellationToken));
        var replicas = detail.Rule.Metric is AlertMetric.MonitorLag or AlertMetric.NoData ? await StackAnswer.TryAsync(client.ReplicasAsync(cancellationToken)) : null;
        var (chart, reason) = await ChartAsync(detail, window, cancellationToken);
        return new AlertView(detail, window, chart ?? before?.Chart, reason, await runbook ?? before?.Runbook, now, replicas ?? before?.Replicas);
    }

    async Task<(LineChartSpec?, string?)> ChartAsync(AlertDetail detail, AlertWindow window, CancellationToken cancellationToken)
    {
        if (detail.Alert.Deployment == AlertInfo.StackWide) return (null, "This alert is about the stack itself, which keeps no series.");
        using var limit = new CancellationTokenSource(ChartPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var preview = await client.PreviewAsync(new AlertRulePreviewRequest(detail.Rule, detail.Alert.Deployment, window.From, window.To), either.Token);
            return (PreviewChart.Of(preview, AlertMetricNames.Of(detail.Rule.Metric), window.From, window.To, Markers(detail)), null);
        }
        catch (StackException exception)
        {
            return (null, exception.IsAway ? "Monitor does not give the series around the alert now; this page asks again." : exception.Detail);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "The series around the alert takes long to read; this page asks again.");
        }
    }

    static List<ChartMarker> Markers(AlertDetail detail) => [.. detail.Transitions
        .Where(change => change is { IsNote: false, To: AlertState.Firing or AlertState.Resolved })
        .Select(change => new ChartMarker(change.At.ToUnixTimeMilliseconds(), change.To == AlertState.Firing ? "alert" : "resolved", change.To == AlertState.Firing ? "fires" : "resolved"))];
}
