using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Inference.Execution;

public enum RequestedProvider { Auto, Cuda, Cpu }

public enum ByteInput { Auto, Always, Never }

/// <summary>Section <c>Execution</c>.</summary>
public sealed class ExecutionOptions
{
    /// <summary>Auto tries CUDA and falls back; Cuda refuses to start without it.</summary>
    public RequestedProvider Provider { get; set; } = RequestedProvider.Auto;

    /// <summary>Threads that decode images and wait for or run models. Default: the cores of the machine; with batches, two batches more.</summary>
    [Range(1, 1024)] public int? Workers { get; set; }

    /// <summary>
    /// What the weights of one model may take on the CPU, where each worker has a session of its own because threads that share one are up to a tenth
    /// slower. A model that does not fit once for every worker is shared.
    /// </summary>
    [Range(0, 1_000_000)] public int SessionMegabytes { get; set; } = 1_000;

    /// <summary>Most images of one run. Default: 16 on CUDA; 1 on the CPU, where batches gain nothing. A model may have a limit of its own.</summary>
    [Range(1, 256)] public int? MaxBatch { get; set; }

    /// <summary>How long the first image of a batch waits for others that are being decoded.</summary>
    [Range(0, 1000)] public double MaxBatchDelayMs { get; set; } = 2;

    /// <summary>
    /// Feeds float networks with bytes and lets them normalise: a quarter of what travels to a GPU. Auto does so on CUDA; on the CPU it gains nothing.
    /// </summary>
    public ByteInput ByteInput { get; set; } = ByteInput.Auto;

    /// <summary>Frames that may wait per deployment; more are answered 429.</summary>
    [Range(1, 100_000)] public int QueueCapacity { get; set; } = 64;

    /// <summary>From the received body to the answer; then 504.</summary>
    [Range(10, 600_000)] public int DeadlineMs { get; set; } = 10_000;

    /// <summary>
    /// A candidate that computes longer than this on one frame is stalled: its run is ended, the champion answers, and for a while the candidate gets
    /// no frames, nor copies of frames.
    /// </summary>
    [Range(10, 600_000)] public int StallMs { get; set; } = 2_000;

    /// <summary>A model that computes longer than this on one image of a detection job or a replay is interrupted; the job or replay fails.</summary>
    [Range(100, 3_600_000)] public int BackgroundLimitMs { get; set; } = 60_000;

    public TimeSpan Deadline => TimeSpan.FromMilliseconds(DeadlineMs);
    public TimeSpan Stall => TimeSpan.FromMilliseconds(StallMs);
    public TimeSpan BackgroundLimit => TimeSpan.FromMilliseconds(BackgroundLimitMs);
    public TimeSpan MaxBatchDelay => TimeSpan.FromMilliseconds(MaxBatchDelayMs);

    /// <summary>Whether a frame that was given up is its model's fault. One that spent most of its time waiting is the fault of the load.</summary>
    /// <param name="computing">How long it has been computing; zero when it was never begun.</param>
    public bool IsStall(TimeSpan computing) => computing >= Stall || computing > Deadline / 2;
}
