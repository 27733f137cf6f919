using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Inference.Models;

/// <summary>Section <c>Models</c>.</summary>
public sealed class ModelOptions
{
    /// <summary>The largest upload: model and checkpoint together.</summary>
    [Range(1, 100_000)] public int MaxUploadMegabytes { get; set; } = 2_000;

    public long MaxUploadBytes => MaxUploadMegabytes * 1_000_000L;
}
