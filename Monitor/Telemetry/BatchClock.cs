namespace RetrainLoop.Monitor.Telemetry;

/// <summary>Puts a replica's times on Monitor's clock. Pure.</summary>
public static class BatchClock
{
    /// <summary>
    /// How far the replica's clock is ahead (behind: negative). The Date header of the call tells it to the second, also for a batch that waited on
    /// disk; without one only a clock that is ahead can be told from a wait.
    /// </summary>
    public static TimeSpan Skew(BatchHeader batch, DateTimeOffset received, DateTimeOffset? date) =>
        date is { } sent ? sent - received : batch.SentAt > received ? batch.SentAt - received : TimeSpan.Zero;

    /// <summary>Judges a batch by the clock it was made on.</summary>
    /// <returns>Whole seconds to add to its times, 0 within the tolerance; or a sentence that says why they cannot be used.</returns>
    public static (long Shift, string? Refusal) Settle(BatchHeader batch, TimeSpan skew, DateTimeOffset received, TelemetryOptions options)
    {
        if (skew.Duration() > options.MaximumClockSkew)
            return (0, $"The clock of {batch.Replica} is {Text(skew)}: set it, for example with NTP. More than {options.MaximumClockSkew} is not corrected.");
        var shift = skew.Duration() <= options.ClockTolerance ? 0 : -(long)Math.Round(skew.TotalSeconds);
        var latest = received + options.ClockTolerance;
        if (batch.Watermark.AddSeconds(shift) > latest)
            return (0, $"The watermark {batch.Watermark:O} lies in the future: a second is complete only when it is over.");
        if (batch.IsEmpty) return (shift, null);
        if (batch.LastSecond + shift > latest.ToUnixTimeSeconds())
            return (0, $"second {batch.LastSecond} lies in the future of {received:O}. The whole batch is refused: nothing of it counts.");
        return batch.FirstSecond + shift < (received - options.KeepDays).ToUnixTimeSeconds()
            ? (0, $"second {batch.FirstSecond} is older than anything that is kept ({options.KeepDays.TotalDays:0} days).")
            : (shift, null);
    }

    static string Text(TimeSpan skew) => $"{skew.Duration().TotalSeconds:0} seconds {(skew > TimeSpan.Zero ? "ahead" : "behind")}";
}
