using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Labeling.Datasets.Import;

/// <summary>Section <c>Labeling:Import</c>: limits on uploaded archives.</summary>
public sealed class ImportOptions
{
    /// <summary>Bytes of the uploaded archive.</summary>
    [Range(1, long.MaxValue)] public long MaximumArchiveBytes { get; set; } = 4L << 30;

    /// <summary>Bytes of all files together, expanded.</summary>
    [Range(1, long.MaxValue)] public long MaximumExpandedBytes { get; set; } = 16L << 30;

    /// <summary>Bytes of one file, expanded.</summary>
    [Range(1, int.MaxValue)] public int MaximumFileBytes { get; set; } = 512 << 20;

    /// <summary>Expanded over compressed size of one file above a megabyte; pictures and label files stay far below.</summary>
    [Range(1.0, 100000.0)] public double MaximumRatio { get; set; } = 200;

    [Range(1, 10_000_000)] public int MaximumFiles { get; set; } = 500_000;
}
