using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>Section <c>Monitor:Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>How often waiting batches are folded into series.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")] public TimeSpan FoldInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A replica not heard of for this long no longer holds minutes open.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long 10-second buckets are kept.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")] public TimeSpan KeepTenSeconds { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How long minute buckets are kept.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")] public TimeSpan KeepMinutes { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long the keys of folded batches are kept; a batch that comes again later than this would count twice.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")] public TimeSpan KeepBatchKeys { get; set; } = TimeSpan.FromDays(14);
}
