using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>Section <c>Monitor:Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>How often waiting batches are folded into series.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")] public TimeSpan FoldInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A replica not heard of for this long no longer holds minutes open.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A batch whose clock differs from Monitor's by no more is taken as it is; one beyond is shifted by the measured difference.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:01:00")] public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A batch whose clock is further off is refused: its times mean nothing.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")] public TimeSpan MaximumClockSkew { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often closed buckets are rolled up into minutes, hours and days.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")] public TimeSpan RollUpInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long 1-second buckets (per region) are kept.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "7.00:00:00")] public TimeSpan KeepSeconds { get; set; } = TimeSpan.FromHours(3);

    /// <summary>How long 10-second buckets are kept.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")] public TimeSpan KeepTenSeconds { get; set; } = TimeSpan.FromDays(2);

    /// <summary>How long minute buckets are kept.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")] public TimeSpan KeepMinutes { get; set; } = TimeSpan.FromDays(35);

    /// <summary>How long hour buckets are kept.</summary>
    [Range(typeof(TimeSpan), "7.00:00:00", "3650.00:00:00")] public TimeSpan KeepHours { get; set; } = TimeSpan.FromDays(400);

    /// <summary>How long day buckets are kept.</summary>
    [Range(typeof(TimeSpan), "30.00:00:00", "36500.00:00:00")] public TimeSpan KeepDays { get; set; } = TimeSpan.FromDays(1830);

    /// <summary>How long the keys of folded batches are kept; a batch that comes again later than this would count twice.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")] public TimeSpan KeepBatchKeys { get; set; } = TimeSpan.FromDays(14);
}
