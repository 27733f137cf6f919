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
    readonly ByteBudget? budget;
    int owners = 1;

    /// <param name="array">Rented from the shared pool; it is returned there.</param>
    /// <param name="budget">From which the whole array was taken; it is given back there.</param>
    public FrameBytes(byte[] array, int length, ByteBudget? budget = null) => (this.array, this.length, this.budget) = (array, length, budget);

    /// <summary>Bytes that it holds, more than the image's.</summary>
    public int Held => array.Length;

    public ReadOnlyMemory<byte> Memory => array.AsMemory(0, length);

    public FrameBytes Retain()
    {
        Interlocked.Increment(ref owners);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref owners) > 0) return;
        ArrayPool<byte>.Shared.Return(array);
        budget?.Return(array.Length);
    }
}
