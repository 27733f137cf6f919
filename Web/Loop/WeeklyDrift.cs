using System.Net;
using Hangfire;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>Asks Monitor to compare the whole past week of a deployment with its baseline: slow drift shows in long windows.</summary>
public sealed class WeeklyDrift(MonitorClient monitor)
{
    static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Tried again for most of an hour, so that a short outage of Monitor does not cost the week.</summary>
    [AutomaticRetry(Attempts = 5, DelaysInSeconds = [30, 120, 300, 900, 1800])]
    public async Task<string> RunAsync(string deployment, CancellationToken cancellationToken)
    {
        try
        {
            var drift = await monitor.EvaluateDriftAsync(deployment, Week.TotalSeconds, recent: false, cancellationToken);
            return $"{drift.Level} over {drift.From:u} to {drift.To:u}.";
        }
        catch (StackException exception) when (exception.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            return $"Nothing to compare with: {exception.Message}";
        }
    }
}
