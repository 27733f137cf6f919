using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Inference.Images;

/// <summary>Section <c>Images</c>: what an image may be at most. Both limits are checked before any pixel is decoded.</summary>
public sealed class ImageOptions
{
    /// <summary>Declared width times height, in millions.</summary>
    [Range(1, 1000)] public int MaxMegapixels { get; set; } = 64;

    /// <summary>Size of the encoded file.</summary>
    [Range(1, 1000)] public int MaxMegabytes { get; set; } = 100;

    /// <summary>Lets JPEG decoding shrink by 2, 4 or 8 where the letterbox shrinks at least as much: half the time, and smoother than plain
    /// sampling.</summary>
    public bool ScaledDecode { get; set; } = true;

    public long MaxBytes => MaxMegabytes * 1_000_000L;
}
