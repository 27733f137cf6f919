using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Inference.Telemetry;

/// <summary>Section <c>Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>False records and sends nothing.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Folder where batches wait while Monitor is away. Default: <c>spool/inference</c> under RETRAINLOOP_DATA.</summary>
    [Required] public string SpoolFolder { get; set; } = "";

    /// <summary>Most that waits there; then the oldest batches are dropped, and the log says so.</summary>
    [Range(1, 100_000)] public int MaxSpoolMegabytes { get; set; } = 512;

    /// <summary>While Monitor is away, this many seconds share one batch.</summary>
    [Range(1, 600)] public int SpooledBatchSeconds { get; set; } = 10;

    /// <summary>How long one batch may take to be acknowledged.</summary>
    [Range(0.1, 60)] public double SendTimeoutSeconds { get; set; } = 5;
}
