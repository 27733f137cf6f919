using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Keys;

/// <summary>What one service has taken of the published keys.</summary>
/// <param name="Acknowledged">The highest revision it took; null = none yet.</param>
/// <param name="At">When it took one last.</param>
sealed record KeyPublication(long? Acknowledged = null, DateTimeOffset At = default)
{
    /// <summary>
    /// The current keys are due when the service never took them, when the heartbeat is over, or when it answers that it is not ready:
    /// it may have lost its copy.
    /// </summary>
    public bool IsDue(long revision, ComponentState state, DateTimeOffset now, TimeSpan heartbeat) =>
        Acknowledged is not { } taken || taken < revision || now - At >= heartbeat || state == ComponentState.Starting;
}
