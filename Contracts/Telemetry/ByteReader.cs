using System.Buffers.Binary;
using System.Text;

namespace RetrainLoop.Contracts;

/// <summary>Reads what <see cref="ByteWriter"/> wrote.</summary>
/// <exception cref="InvalidDataException">From any member: the bytes end early or make no sense.</exception>
public ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> rest = bytes;

    public readonly bool AtEnd => rest.IsEmpty;

    public long Varint()
    {
        if (!rest.IsEmpty && rest[0] is < 0x80 and var only) // nearly all of them
        {
            rest = rest[1..];
            return only;
        }
        long value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (long)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
        throw new InvalidDataException("A number is longer than 64 bits.");
    }

    /// <summary>A number of things that follow, each at least a byte.</summary>
    public int Count() => Varint() is var count && count >= 0 && count <= rest.Length
        ? (int)count
        : throw new InvalidDataException("More was announced than follows.");

    public double Float() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public Guid Id() => new(Take(16), bigEndian: true);

    public string Text() => Encoding.UTF8.GetString(Block());

    public ReadOnlySpan<byte> Block() => Take(Count());

    ReadOnlySpan<byte> Take(int count)
    {
        if (count > rest.Length) throw new InvalidDataException("The bytes end early.");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
