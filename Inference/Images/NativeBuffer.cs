using System.Runtime.InteropServices;

namespace RetrainLoop.Inference.Images;

/// <summary>
/// Memory outside the garbage collector that a worker uses again and again. A rare huge picture does not keep its memory: see <see cref="Trim"/>.
/// </summary>
sealed unsafe class NativeBuffer : IDisposable
{
    const nuint Alignment = 64;
    const nuint KeptBytes = 64 << 20;
    void* address;
    nuint length;

    public nuint Length => length;

    /// <summary>At least <paramref name="bytes"/> bytes; what was in it before is lost when it has to grow.</summary>
    public void* Reserve(nuint bytes)
    {
        if (bytes <= length) return address;
        Free();
        address = NativeMemory.AlignedAlloc(bytes, Alignment);
        length = bytes;
        return address;
    }

    /// <summary>Gives back what a huge picture took.</summary>
    public void Trim()
    {
        if (length > KeptBytes) Free();
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    ~NativeBuffer() => Free();

    void Free()
    {
        NativeMemory.AlignedFree(address);
        address = null;
        length = 0;
    }
}
