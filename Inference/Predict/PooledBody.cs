using System.Buffers;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Inference.Predict;

/// <summary>Reads a stream into a pooled array that grows with what arrives, so that a length which is only promised costs nothing.
/// All such arrays together stay within a budget.</summary>
static class PooledBody
{
    const int FirstGuess = 256 * 1024;

    /// <param name="declared">The promised length, if any; it saves growing.</param>
    /// <exception cref="BadImageException">It is longer than the limit.</exception>
    /// <exception cref="OverloadedException">The budget does not allow so much now.</exception>
    public static async Task<FrameBytes> ReadAsync(
        Stream body, long? declared, string name, ImageOptions limits, ByteBudget budget, CancellationToken cancellationToken)
    {
        if (declared > limits.MaxBytes) throw TooLarge(name, limits);
        // One more than declared, so that the end is seen without growing.
        var buffer = Rent((int)Math.Min(declared + 1 ?? FirstGuess, FirstGuess), budget);
        try
        {
            var filled = 0;
            while (await body.ReadAsync(buffer.AsMemory(filled), cancellationToken) is var read and > 0)
            {
                filled += read;
                if (filled > limits.MaxBytes) throw TooLarge(name, limits);
                if (filled == buffer.Length) buffer = Grown(buffer, budget);
            }
            return new FrameBytes(buffer, filled, budget);
        }
        catch
        {
            Return(buffer, budget);
            throw;
        }
    }

    // The first piece is small enough to be rented before it is asked for.
    static byte[] Rent(int bytes, ByteBudget budget)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(bytes);
        if (budget.TryTake(buffer.Length)) return buffer;
        ArrayPool<byte>.Shared.Return(buffer);
        throw new OverloadedException(budget.Most);
    }

    static byte[] Grown(byte[] buffer, ByteBudget budget)
    {
        // Only the growth counts: there are two copies for no longer than it takes to make one.
        if (!budget.TryTake(buffer.Length)) throw new OverloadedException(budget.Most);
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        budget.Return(buffer.Length * 2L - larger.Length); // the pool may give more than it was asked for
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    static void Return(byte[] buffer, ByteBudget budget)
    {
        ArrayPool<byte>.Shared.Return(buffer);
        budget.Return(buffer.Length);
    }

    static BadImageException TooLarge(string name, ImageOptions limits) =>
        new(StatusCodes.Status413PayloadTooLarge, $"{name} is larger than the {limits.MaxMegabytes} MB that are taken.");
}
