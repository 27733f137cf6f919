using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Inference.Execution;

public enum RequestedProvider { Auto, Cuda, Cpu }

/// <summary>Section <c>Execution</c>.</summary>
public sealed class ExecutionOptions
{
    /// <summary>Auto tries CUDA and falls back; Cuda refuses to start without it.</summary>
    public RequestedProvider Provider { get; set; } = RequestedProvider.Auto;

    /// <summary>Threads that decode and run models, each one image at a time. Default: the cores of the machine.</summary>
    [Range(1, 256)] public int Workers { get; set; } = Environment.ProcessorCount;

    /// <summary>Frames that may wait per deployment; more are answered 429.</summary>
    [Range(1, 100_000)] public int QueueCapacity { get; set; } = 64;

    /// <summary>From the received body to the answer; then 504.</summary>
    [Range(10, 600_000)] public int DeadlineMs { get; set; } = 10_000;

    /// <summary>A candidate that computes longer than this on one frame is stalled: its run is ended and the champion answers.</summary>
    [Range(10, 600_000)] public int StallMs { get; set; } = 2_000;

    public TimeSpan Deadline => TimeSpan.FromMilliseconds(DeadlineMs);
    public TimeSpan Stall => TimeSpan.FromMilliseconds(StallMs);
}
