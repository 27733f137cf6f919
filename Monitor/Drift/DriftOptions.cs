using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Monitor.Drift;

/// <summary>What is exchanged between the windows. Time = a block of all cameras together, which respects what they share (weather, light, a shift's
/// product). CameraTime = each camera's blocks on their own: more blocks, for cameras that share nothing and for short windows.</summary>
public enum BlockUnit { Time, CameraTime }

/// <summary>Section <c>Monitor:Drift</c>.</summary>
public sealed class DriftOptions
{
    /// <summary>Length of the current window: a week, against a baseline of a week.</summary>
    [Range(typeof(TimeSpan), "00:00:20", "60.00:00:00")] public TimeSpan Window { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Length of the window that the daily comparison looks at, never longer than <see cref="Window"/>. Two days show a shift of a quarter of a standard
    /// deviation, at the price of more false alarms than a week gives.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:20", "60.00:00:00")] public TimeSpan RecentWindow { get; set; } = TimeSpan.FromDays(2);

    /// <summary>k: as many consecutive windows, each before the other, must pass the rule.</summary>
    [Range(1, 10)] public int Windows { get; set; } = 1;

    /// <summary>Length of a block in seconds, a multiple of ten; null = the longest part of a day that still leaves enough arrangements.</summary>
    [Range(10, 604_800)] public int? BlockSeconds { get; set; }

    public BlockUnit BlockUnit { get; set; } = BlockUnit.Time;

    /// <summary>Fewer filled blocks than this on either side are Inconclusive.</summary>
    [Range(2, 1000)] public int MinimumBlocks { get; set; } = 6;

    /// <summary>Fewer values than this are Inconclusive.</summary>
    [Range(1, 1_000_000)] public int MinimumCount { get; set; } = 50;

    /// <summary>q: the share of false ones among the signals that are called drifted, by Benjamini-Hochberg over the deployment's signals.</summary>
    [Range(1e-6, 0.5)] public double FalseDiscoveryRate { get; set; } = 0.05;

    /// <summary>A plain p below this shows as "KS only" when the rule does not agree.</summary>
    [Range(1e-9, 0.5)] public double Significance { get; set; } = 0.01;

    /// <summary>
    /// The least distance, [0, 1], that matters: anything is significant in enough data, and days differ by themselves. 0.05 is a shift of about an
    /// eighth of a standard deviation.
    /// </summary>
    [Range(0, 1)] public double MinimumDistance { get; set; } = 0.05;

    /// <summary>
    /// The least distance that matters for embeddings, [0, 1]: the same measure on the distribution of their cosine distances. More than for the others,
    /// because embeddings also notice what does not bear on detections.
    /// </summary>
    [Range(0, 1)] public double MinimumEmbeddingDistance { get; set; } = 0.1;

    /// <summary>Most embeddings that are taken from Inference for one window; of more, every n-th per camera.</summary>
    [Range(100, 100_000)] public int MaximumEmbeddings { get; set; } = 20_000;

    /// <summary>Without a finding, a window in which chance alone makes more than this multiple of the least distance is Inconclusive instead of Stable.</summary>
    [Range(1, 100)] public double BlindFactor { get; set; } = 2;

    /// <summary>Most rearrangements behind a p.</summary>
    [Range(200, 1_000_000)] public int Permutations { get; set; } = 2000;

    /// <summary>The busiest cameras are compared each with itself; the others of a deployment together.</summary>
    [Range(1, 1000)] public int Cameras { get; set; } = 64;

    /// <summary>
    /// Only detections of these classes are watched, counted and kept in baselines that lock from now on; empty = all. For models that know more classes
    /// than a deployment is about. The number of detections per request stays that of all classes.
    /// </summary>
    public IReadOnlyList<string> Classes { get; set; } = [];

    /// <summary>The least distance of a signal that matters.</summary>
    public double LeastDistance(Signal signal) => signal.Name == Signals.EmbeddingDistanceName ? MinimumEmbeddingDistance : MinimumDistance;
}
