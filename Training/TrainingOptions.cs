using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Training;

/// <summary>Section <c>Training</c>.</summary>
public sealed class TrainingOptions
{
    /// <summary>
    /// Where runs keep their dataset and checkpoints until they are finished. Default: <c>training</c> under RETRAINLOOP_DATA, else under the
    /// working directory. Workers on several machines resume each other's runs only when they share it.
    /// </summary>
    [Required]
    public string WorkFolder { get; set; } = "";

    /// <summary>Runs that this process trains at a time; 0 = it only answers requests.</summary>
    [Range(0, 64)]
    public int Workers { get; set; } = 1;

    /// <summary>CPU threads of a training process.</summary>
    [Range(1, 256)]
    public int Threads { get; set; } = 1;

    /// <summary>How far a training process steps back before other work on Linux and macOS: 0 = not at all, 19 = all the way.</summary>
    [Range(0, 19)]
    public int Niceness { get; set; } = 19;

    /// <summary>Seconds without a heartbeat after which another worker takes a run over.</summary>
    [Range(1, 3600)]
    public double LeaseSeconds { get; set; } = 30;

    /// <summary>Seconds between heartbeats. A cancelled run's process is ended at the next one.</summary>
    [Range(0.05, 600)]
    public double HeartbeatSeconds { get; set; } = 2;

    /// <summary>Seconds between looks for a run to do.</summary>
    [Range(0.05, 600)]
    public double PollSeconds { get; set; } = 1;

    /// <summary>Tries without a finished epoch between them before a run is given up.</summary>
    [Range(1, 100)]
    public int Attempts { get; set; } = 3;

    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);
    public TimeSpan Heartbeat => TimeSpan.FromSeconds(HeartbeatSeconds);
    public TimeSpan Poll => TimeSpan.FromSeconds(PollSeconds);
}
