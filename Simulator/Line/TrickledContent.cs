using System.Net;

namespace RetrainLoop.Simulator.Line;

/// <summary>A body that a slow line uploads: small pieces with pauses between them.</summary>
public sealed class TrickledContent(byte[] bytes, TimeSpan duration, TimeProvider time) : HttpContent
{
    const int Pieces = 24;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (var piece = 0; piece < Pieces; piece++)
        {
            var (from, to) = (bytes.Length * piece / Pieces, bytes.Length * (piece + 1) / Pieces);
            await stream.WriteAsync(bytes.AsMemory(from, to - from), cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(duration / Pieces, time, cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
