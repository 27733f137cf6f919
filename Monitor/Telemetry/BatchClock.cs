using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>Puts a replica's times on Monitor's clock. Pure.</summary>
public static class BatchClock
{
    /// <summary>
    /// How far the replica's clock is ahead (behind: negative). The Date header of the call tells it to the second, also for a batch that waited on
    /// disk; without one only a clock that is ahead can be told from a wait.
    /// </summary>
    public static TimeSpan Skew(TelemetryBatch batch, DateTimeOffset received, DateTimeOffset? date) =>
        date is { } sent ? sent - received : batch.SentAt > received ? batch.SentAt - received : TimeSpan.Zero;

    /// <summary>Shifts a batch whose clock is off by more than the tolerance.</summary>
    /// <returns>The batch, or a sentence that says why its times cannot be used.</returns>
    public static (TelemetryBatch? Batch, string? Refusal) Settle(TelemetryBatch batch, TimeSpan skew, DateTimeOffset received, TelemetryOptions options)
    {
        if (skew.Duration() > options.MaximumClockSkew)
            return (null, $"The clock of {batch.Replica} is {Text(skew)}: set it, for example with NTP. More than {options.MaximumClockSkew} is not corrected.");
        var settled = skew.Duration() <= options.ClockTolerance ? batch : Shift(batch, -(long)Math.Round(skew.TotalSeconds));
        var latest = received + options.ClockTolerance;
        if (settled.Watermark > latest) return (null, $"The watermark {batch.Watermark:O} lies in the future: a second is complete only when it is over.");
        foreach (var second in settled.Series)
        {
            if (second.Second > latest.ToUnixTimeSeconds()) return (null, $"second {second.Second} lies in the future of {received:O}. The whole batch is refused: nothing of it counts.");
            if (second.Second < (received - options.KeepDays).ToUnixTimeSeconds()) return (null, $"second {second.Second} is older than anything that is kept ({options.KeepDays.TotalDays:0} days).");
        }
        return (settled, null);
    }

    static TelemetryBatch Shift(TelemetryBatch batch, long seconds) => batch with
    {
        SentAt = batch.SentAt.AddSeconds(seconds),
        Watermark = batch.Watermark.AddSeconds(seconds),
        Series = [.. batch.Series.Select(second => second with { Second = second.Second + seconds })],
    };

    static string Text(TimeSpan skew) => $"{skew.Duration().TotalSeconds:0} seconds {(skew > TimeSpan.Zero ? "ahead" : "behind")}";
}
