using System.Buffers.Binary;
using System.Text;

namespace RetrainLoop.Tests.Inference;

/// <summary>Writes the protobuf fields of ONNX files, so that tests can make the networks that they need.</summary>
static class OnnxFile
{
    public static byte[] Metadata(string key, string value) => Bytes(14, Message(Text(1, key), Text(2, value)));

    public static byte[] Node(string type, string[] inputs, string[] outputs, params byte[][] attributes) => Bytes(1, Message(
        [.. inputs.Select(name => Text(1, name)), .. outputs.Select(name => Text(2, name)), Text(4, type), .. attributes]));

    public static byte[] Int(string name, long value) => Bytes(5, Message(Text(1, name), Number(3, value), Number(20, 2)));

    public static byte[] Ints(string name, params long[] values) =>
        Bytes(5, Message([Text(1, name), .. values.Select(value => Number(8, value)), Number(20, 7)]));

    public static byte[] Tensor(string name, long[] shape, float[] values)
    {
        var raw = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(i * 4), values[i]);
        return Bytes(5, Message([.. shape.Select(side => Number(1, side)), Number(2, 1), Text(8, name), Bytes(9, raw)]));
    }

    public static byte[] ValueInfo(string name, params long[] shape) => ValueInfo(name, 1, shape);

    /// <param name="type">1 = float32, 2 = uint8, 10 = float16.</param>
    /// <param name="shape">A negative dimension is dynamic.</param>
    public static byte[] ValueInfo(string name, int type, long[] shape) => Message(
        Text(1, name), Bytes(2, Message(Bytes(1, Message(
        Number(1, type), Bytes(2, Message([.. shape.Select((side, axis) => Bytes(1, side < 0 ? Text(2, $"axis{axis}") : Number(1, side)))])))))));

    public static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(field => field)];

    public static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public static byte[] Bytes(int field, byte[] bytes) => [.. Varint((ulong)(field << 3 | 2)), .. Varint((ulong)bytes.Length), .. bytes];

    public static byte[] Number(int field, long value) => [.. Varint((ulong)(field << 3)), .. Varint((ulong)value)];

    public static IEnumerable<byte> Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
