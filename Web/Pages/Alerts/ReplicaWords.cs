using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Alerts;

/// <summary>How a replica of Inference stands, in words and state classes of the style sheet.</summary>
static class ReplicaWords
{
    /// <summary>Folding takes ten seconds at a time, so that much lag is the rule.</summary>
    const double UsualLag = 30;

    public static (string Word, string Look) State(TelemetryReplica replica) => replica switch
    {
        { Silent: true } => ("Silent", "state-bad"),
        { FoldingLag: > UsualLag } => ("Monitor lags", "state-warn"),
        { Lag: > UsualLag } => ("Sends a backlog", "state-warn"),
        _ => ("Reports", "state-good"),
    };

    /// <summary>For example <c>12.0 s ahead, corrected</c>.</summary>
    public static string Clock(TelemetryReplica replica) => Math.Abs(replica.ClockSkew) < 1 ? "in step"
        : $"{Figure.Digits(Math.Abs(replica.ClockSkew))} s {(replica.ClockSkew > 0 ? "ahead" : "behind")}{(replica.Corrected ? ", corrected" : "")}";

    public static string Lag(double seconds) => Durations.Text(TimeSpan.FromSeconds(seconds));
}
