using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Inference.Sampling;

/// <summary>Section <c>Sampling</c>: how long sampled frames are kept here. Labeling has copies of the ones it took.</summary>
public sealed class SamplingOptions
{
    [Range(0.001, 3650)] public double RetentionDays { get; set; } = 14;

    /// <summary>Most that frames may take on disk; then those kept for embeddings alone go first, and of the others the oldest.</summary>
    [Range(1, 100_000_000)] public long MaxMegabytes { get; set; } = 20_000;

    /// <summary>How long embeddings of frames that were kept for them alone outlast the picture. More than the longest window of drift, 60 days.</summary>
    [Range(61, 3650)] public double EmbeddingDays { get; set; } = 90;

    /// <summary>How often expired frames are looked for.</summary>
    [Range(0.1, 86_400)] public double RetentionIntervalSeconds { get; set; } = 60;

    /// <summary>Frames that may wait to be written; further ones are not kept, and those for embeddings alone only in the first half.</summary>
    [Range(1, 10_000)] public int Backlog { get; set; } = 64;

    /// <summary>
    /// Memory that the frames which wait may take; further ones are not kept. It is part of Predict:MaxMegabytesInFlight, of which it leaves most to
    /// requests while frames cannot be written.
    /// </summary>
    [Range(1, 1_000_000)] public int BacklogMegabytes { get; set; } = 128;
}
