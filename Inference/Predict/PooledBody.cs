using System.Buffers;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Inference.Predict;

/// <summary>Reads a stream into a pooled array that grows with what arrives, so that a length which is only promised costs nothing.</summary>
static class PooledBody
{
    const int FirstGuess = 256 * 1024, MostAtOnce = 1024 * 1024;

    /// <param name="declared">The promised length, if any; it saves growing.</param>
    /// <exception cref="BadImageException">It is longer than the limit.</exception>
    public static async Task<FrameBytes> ReadAsync(Stream body, long? declared, string name, ImageOptions limits, CancellationToken cancellationToken)
    {
        if (declared > limits.MaxBytes) throw TooLarge(name, limits);
        // One more than declared, so that the end is seen without growing.
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(declared + 1 ?? FirstGuess, MostAtOnce));
        try
        {
            var filled = 0;
            while (await body.ReadAsync(buffer.AsMemory(filled), cancellationToken) is var read and > 0)
            {
                filled += read;
                if (filled > limits.MaxBytes) throw TooLarge(name, limits);
                if (filled == buffer.Length) buffer = Grown(buffer);
            }
            return new FrameBytes(buffer, filled);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    static byte[] Grown(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    static BadImageException TooLarge(string name, ImageOptions limits) =>
        new(StatusCodes.Status413PayloadTooLarge, $"{name} is larger than the {limits.MaxMegabytes} MB that are taken.");
}
