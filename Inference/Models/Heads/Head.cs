using RetrainLoop.Inference.Images;

namespace RetrainLoop.Inference.Models.Heads;

/// <summary>How a detector's raw output becomes boxes, and what its family expects as input. One instance per loaded model; it has no
/// state.</summary>
abstract class Head(int classes)
{
    public int Classes { get; } = classes;

    public abstract DetectorHead Kind { get; }
    public virtual LetterboxStyle Letterbox => LetterboxStyle.Centered;
    public virtual PixelEncoding Encoding => PixelEncoding.RgbUnit;

    /// <summary>Whether boxes that cover the same object must still be suppressed.</summary>
    public virtual bool NeedsSuppression => true;

    /// <summary>Adds every box whose best class scores above <paramref name="threshold"/>.</summary>
    /// <param name="output">The output of one image, without its batch dimension, as laid out by the family.</param>
    /// <param name="scratch">At least as many values as the output has boxes.</param>
    public abstract void Decode(ReadOnlySpan<float> output, float threshold, Span<float> scratch, Candidates found);

    /// <summary>Boxes in an output of this many values.</summary>
    public abstract int BoxesIn(int outputLength);
}
