using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Drift.Embeddings;

/// <summary>A random frame as the model sees it.</summary>
/// <param name="Kept">Whether its bytes are still there.</param>
/// <param name="Unit">Its embedding, scaled to length 1.</param>
public sealed record EmbeddedFrame(Guid Id, string Camera, DateTimeOffset At, bool Kept, float[] Unit)
{
    /// <summary>Null when the vector has no direction: all zero, or not finite.</summary>
    public static EmbeddedFrame? Of(FrameEmbedding embedding)
    {
        var vector = embedding.Unpack();
        var length = Math.Sqrt(vector.Sum(value => (double)value * value));
        return length > 0 && double.IsFinite(length)
            ? new EmbeddedFrame(embedding.Frame, embedding.Camera, embedding.SampledAt, embedding.Kept, [.. vector.Select(value => (float)(value / length))])
            : null;
    }
}
