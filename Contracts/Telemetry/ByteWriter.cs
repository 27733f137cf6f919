using System.Buffers.Binary;
using System.Text;

namespace RetrainLoop.Contracts;

/// <summary>Bytes that grow while they are written: variable-length integers (7 bits a byte, low bits first), doubles, texts.</summary>
public sealed class ByteWriter
{
    byte[] buffer = new byte[256];

    public int Length { get; private set; }
    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <param name="value">Not negative.</param>
    public void Varint(long value)
    {
        Reserve(10);
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7) buffer[Length++] = (byte)(rest | 0x80);
        buffer[Length++] = (byte)rest;
    }

    /// <summary>Bins ascending as differences to the bin before, each with its count.</summary>
    public void Histogram(ReadOnlySpan<int> bins, ReadOnlySpan<long> counts)
    {
        Varint(bins.Length);
        for (int i = 0, previous = 0; i < bins.Length; previous = bins[i++])
        {
            Varint(bins[i] - previous);
            Varint(counts[i]);
        }
    }

    public void Float(double value)
    {
        Reserve(8);
        BinaryPrimitives.WriteDoubleLittleEndian(buffer.AsSpan(Length), value);
        Length += 8;
    }

    public void Text(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        Varint(bytes);
        Reserve(bytes);
        Length += Encoding.UTF8.GetBytes(text, buffer.AsSpan(Length));
    }

    /// <summary>16 bytes, most significant first.</summary>
    public void Id(Guid id)
    {
        Reserve(16);
        id.TryWriteBytes(buffer.AsSpan(Length), bigEndian: true, out _);
        Length += 16;
    }

    /// <summary>Bytes with their length before them.</summary>
    public void Block(ReadOnlySpan<byte> bytes)
    {
        Varint(bytes.Length);
        Reserve(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    void Reserve(int more)
    {
        if (Length + more > buffer.Length) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + more));
    }
}
