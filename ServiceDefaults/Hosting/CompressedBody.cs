using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace RetrainLoop.ServiceDefaults.Hosting;

/// <summary>A request body that is being unpacked. When it is not what its Content-Encoding says, that is the sender's mistake: 400.</summary>
sealed class CompressedBody(Stream unpacked) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Unpacks request bodies, with failures told as the sender's.</summary>
    public static void Use(WebApplication app)
    {
        app.UseWhen(context => context.Request.Headers.ContainsKey(HeaderNames.ContentEncoding), packed =>
        {
            packed.UseRequestDecompression();
            packed.Use((context, next) =>
            {
                context.Request.Body = new CompressedBody(context.Request.Body);
                return next(context);
            });
        });
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await unpacked.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            throw new BadHttpRequestException($"The compressed body cannot be unpacked: {exception.Message}");
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
