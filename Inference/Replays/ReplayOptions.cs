using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Inference.Replays;

/// <summary>Section <c>Inference:Replays</c>.</summary>
public sealed class ReplayOptions
{
    /// <summary>Folder on this machine below which archives may be replayed without an upload. Empty = none.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Size of an uploaded archive.</summary>
    [Range(1, 1_000_000)] public int MaximumArchiveMegabytes { get; set; } = 20_000;

    /// <summary>All files of an archive together, expanded.</summary>
    [Range(1, 10_000_000)] public int MaximumExpandedMegabytes { get; set; } = 100_000;

    /// <summary>One file of an archive, expanded.</summary>
    [Range(1, 1_000)] public int MaximumFileMegabytes { get; set; } = 100;

    /// <summary>Files in an archive.</summary>
    [Range(1, 10_000_000)] public int MaximumFiles { get; set; } = 1_000_000;

    /// <summary>Frames that are sent to Monitor together; a replay that goes on after a crash repeats at most these, and they are counted once.</summary>
    [Range(1, 10_000)] public int ChunkSize { get; set; } = 64;

    /// <summary>How long a replay stays with a replica that shows no sign of life.</summary>
    [Range(1, 3600)] public double LeaseSeconds { get; set; } = 30;

    /// <summary>How often a replica looks for replays that were given to others or abandoned.</summary>
    [Range(0.05, 600)] public double PollSeconds { get; set; } = 2;

    /// <summary>Days after which a finished replay and its series go.</summary>
    [Range(1, 3650)] public int KeepDays { get; set; } = 30;

    public long MaximumArchiveBytes => MaximumArchiveMegabytes * 1_000_000L;
    public long MaximumFileBytes => MaximumFileMegabytes * 1_000_000L;
    public long MaximumExpandedBytes => MaximumExpandedMegabytes * 1_000_000L;
}
