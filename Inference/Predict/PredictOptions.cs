using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Inference.Predict;

/// <summary>Section <c>Predict</c>.</summary>
public sealed class PredictOptions
{
    /// <summary>Files in one multipart request.</summary>
    [Range(1, 1000)] public int MaxFiles { get; set; } = 32;

    /// <summary>All files of a request together.</summary>
    [Range(1, 2000)] public int MaxRequestMegabytes { get; set; } = 256;

    /// <summary>Copies of frames that may wait for a shadow candidate; further frames are not shadowed.</summary>
    [Range(1, 1000)] public int ShadowBacklog { get; set; } = 8;

    public long MaxRequestBytes => MaxRequestMegabytes * 1_000_000L;
}
