using System.Runtime.InteropServices;

namespace RetrainLoop.Contracts;

/// <summary>The embedding of a random frame, as Monitor takes it to tell how far frames are from the baseline's.</summary>
/// <param name="Frame">Id of the sampled frame.</param>
/// <param name="SampledAt">When it was answered: the clock that telemetry follows too.</param>
/// <param name="Kept">Whether its bytes are still there; rows outlive them.</param>
/// <param name="Vector">32-bit floats, little-endian; base64 in JSON. Comparable within one model version only.</param>
public sealed record FrameEmbedding(Guid Frame, string Camera, DateTimeOffset SampledAt, bool Kept, byte[] Vector)
{
    public static byte[] Pack(ReadOnlySpan<float> vector) => MemoryMarshal.AsBytes(vector).ToArray();

    public float[] Unpack() => MemoryMarshal.Cast<byte, float>(Vector).ToArray();
}
