using System.Runtime;

namespace RetrainLoop.Training.Learning;

/// <summary>
/// Keeps the garbage collector away while tensors are worked on. TorchSharp wraps every number of an expression (also the hidden 1 of
/// <c>a + b</c>) in an object with a finalizer and passes only its address to native code; optimised code no longer holds the object during
/// the call, so a collection at that moment frees the number under the call. Collections happen between the held stretches instead.
/// </summary>
public readonly struct QuietHeap : IDisposable
{
    /// <summary>A training step allocates about a megabyte of wrappers; pictures are made outside.</summary>
    const long Budget = 32 * 1024 * 1024;

    /// <summary>Holds until disposed. Holding twice is holding once.</summary>
    public static QuietHeap Hold()
    {
        if (GCSettings.LatencyMode != GCLatencyMode.NoGCRegion) GC.TryStartNoGCRegion(Budget);
        return default;
    }

    public void Dispose()
    {
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
    }
}
