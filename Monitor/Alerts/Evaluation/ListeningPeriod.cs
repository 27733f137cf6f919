using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>
/// After a start, or after the database was away, silence is not the senders' fault: they need a moment to come back with what they kept. Until
/// somebody is heard, or the grace time has passed, no minute is called silent.
/// </summary>
/// <param name="interval">Between two rounds: only a longer gap than a few of them is a pause.</param>
public sealed class ListeningPeriod(TimeSpan grace, TimeSpan interval)
{
    DateTimeOffset? since, last;

    /// <summary>Call once per round.</summary>
    public bool IsLongEnough(TelemetryCoverage coverage, DateTimeOffset now)
    {
        if (last is null || now - last > grace + 2 * interval) since = now;
        last = now;
        return now - since >= grace || coverage.Boots.Any(boot => boot.ReceivedAt >= now - grace);
    }
}
