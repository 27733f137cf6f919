using RetrainLoop.Simulator.Frames;

namespace RetrainLoop.Simulator.Line;

/// <summary>Extra load on top of the cameras.</summary>
/// <param name="RequestsPerSecond">0 ends a running burst.</param>
public sealed record Burst(double RequestsPerSecond, double Seconds);

/// <summary>What to change about the line; an omitted member keeps its value (drift and burst are set as a whole).</summary>
/// <param name="FramesPerSecond">Of all cameras together, 0 to 50.</param>
/// <param name="MalformedShare">Share of frames that arrive broken, [0, 1].</param>
/// <param name="SlowClients">Share of frames that are uploaded in a trickle, [0, 1].</param>
/// <param name="Seed">Of the frames to come; numbers start again at 0.</param>
public sealed record LineChange(
    double? FramesPerSecond = null, bool? Paused = null, double? MalformedShare = null, double? SlowClients = null,
    Drift? Drift = null, Burst? Burst = null, int? Seed = null)
{
    /// <summary>One sentence for each member that is out of range.</summary>
    public IEnumerable<string> Problems(LineOptions limits)
    {
        if (FramesPerSecond is { } rate and not (>= 0 and <= 50)) yield return $"framesPerSecond is {rate} but must lie between 0 and 50.";
        if (MalformedShare is { } malformed and not (>= 0 and <= 1)) yield return $"malformedShare is {malformed} but must lie between 0 and 1.";
        if (SlowClients is { } slow and not (>= 0 and <= 1)) yield return $"slowClients is {slow} but must lie between 0 and 1.";
        if (Seed is < 0) yield return $"seed is {Seed} but must not be negative.";
        foreach (var problem in Drift?.Problems() ?? []) yield return problem;
        if (Burst is null) yield break;
        if (Burst.RequestsPerSecond < 0 || Burst.RequestsPerSecond > limits.MostBurstRequestsPerSecond)
            yield return $"burst.requestsPerSecond is {Burst.RequestsPerSecond} but must lie between 0 and {limits.MostBurstRequestsPerSecond}.";
        if (Burst.Seconds < 0 || Burst.Seconds > limits.MostBurstSeconds)
            yield return $"burst.seconds is {Burst.Seconds} but must lie between 0 and {limits.MostBurstSeconds}.";
    }
}

/// <summary>How the line runs now.</summary>
public sealed record LineSettings(
    double FramesPerSecond, bool Paused, double MalformedShare, double SlowClients, Drift Drift, int Seed, Burst? Burst, DateTimeOffset? BurstUntil)
{
    public LineSettings With(LineChange change, DateTimeOffset now) => this with
    {
        FramesPerSecond = change.FramesPerSecond ?? FramesPerSecond,
        Paused = change.Paused ?? Paused,
        MalformedShare = change.MalformedShare ?? MalformedShare,
        SlowClients = change.SlowClients ?? SlowClients,
        Drift = change.Drift?.Rounded() ?? Drift,
        Seed = change.Seed ?? Seed,
        Burst = change.Burst is null ? Burst : change.Burst is { RequestsPerSecond: > 0, Seconds: > 0 } ? change.Burst : null,
        BurstUntil = change.Burst is null ? BurstUntil : now.AddSeconds(change.Burst.Seconds),
    };

    /// <summary>The burst that is on at an instant, or null.</summary>
    public Burst? BurstAt(DateTimeOffset now) => now < BurstUntil ? Burst : null;
}
