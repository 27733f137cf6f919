using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace RetrainLoop.Benchmarks.Inference;

/// <summary>
/// One kept-alive HTTP/1.1 connection that sends the same prepared bytes again and again. It blocks and allocates nothing per request, so that
/// what is measured beside it is the server.
/// </summary>
sealed class HttpConnection : IDisposable
{
    static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray(), EndOfChunks = "0\r\n\r\n"u8.ToArray();
    readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly byte[] buffer = new byte[256 * 1024];

    public HttpConnection(Uri server) => socket.Connect(server.Host, server.Port);

    /// <summary>A POST of a body with a bearer key.</summary>
    public static byte[] Prepare(Uri target, byte[] body, string? key)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"POST {target.PathAndQuery} HTTP/1.1\r\nHost: {target.Authority}\r\nContent-Type: image/jpeg\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\nX-Camera: bench\r\n");
        if (key is not null) head.Append(CultureInfo.InvariantCulture, $"Authorization: Bearer {key}\r\n");
        return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body];
    }

    /// <summary>Sends the request and reads the whole answer.</summary>
    /// <returns>Its status.</returns>
    /// <exception cref="IOException">The server hung up.</exception>
    public int Exchange(byte[] request)
    {
        for (var sent = 0; sent < request.Length;) sent += socket.Send(request.AsSpan(sent));
        var filled = 0;
        int head;
        while ((head = buffer.AsSpan(0, filled).IndexOf(EndOfHead)) < 0) filled += Receive(filled);
        var headers = buffer.AsSpan(0, head);
        if (LengthIn(headers) is { } length)
            while (filled < head + EndOfHead.Length + length) filled += Receive(filled);
        else
            while (!buffer.AsSpan(0, filled).EndsWith(EndOfChunks)) filled += Receive(filled);
        return int.Parse(headers.Slice("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
    }

    public void Dispose() => socket.Dispose();

    int Receive(int at) => socket.Receive(buffer.AsSpan(at)) is var read and > 0 ? read : throw new IOException("The server closed the connection.");

    static int? LengthIn(ReadOnlySpan<byte> headers)
    {
        foreach (var line in headers.Split((byte)'\n'))
        {
            var text = headers[line];
            const string name = "content-length:";
            if (text.Length > name.Length && Ascii.EqualsIgnoreCase(text[..name.Length], name))
                return int.Parse(text[name.Length..].Trim(" \r"u8), CultureInfo.InvariantCulture);
        }
        return null;
    }
}
