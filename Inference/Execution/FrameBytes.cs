using System.Buffers;

namespace RetrainLoop.Inference.Execution;

/// <summary>
/// The encoded bytes of one image in a pooled array. Whoever needs them after its caller retains them and releases them once; the last one returns
/// the array.
/// </summary>
sealed class FrameBytes
{
    readonly byte[] array;
    readonly int length;
    int owners = 1;

    /// <param name="array">Rented from the shared pool; it is returned there.</param>
    public FrameBytes(byte[] array, int length) => (this.array, this.length) = (array, length);

    public ReadOnlyMemory<byte> Memory => array.AsMemory(0, length);

    public FrameBytes Retain()
    {
        Interlocked.Increment(ref owners);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref owners) == 0) ArrayPool<byte>.Shared.Return(array);
    }
}
