using System.Buffers.Binary;
using Google.Protobuf;

namespace RetrainLoop.Inference.Models.Graphs;

/// <summary>
/// Puts a network's preprocessing in front of it: the new input is uint8 [batch, height, width, 3]; the graph itself makes planes of it, widens and
/// scales them. The device then receives a quarter of the bytes of float32.
/// </summary>
static class ByteInputGraph
{
    const string Prefix = "retrainloop_";
    const int UInt8 = 2, HalfType = 10, IntAttribute = 2, IntsAttribute = 7;

    /// <param name="onnx">A network whose input is float32 or float16 [batch, 3, height, width].</param>
    /// <param name="input">Name of that input.</param>
    /// <param name="scale">What a level in [0, 255] is multiplied with.</param>
    /// <returns>The changed ONNX file; everything else in it is as it was.</returns>
    public static byte[] Wrap(byte[] onnx, string input, float scale)
    {
        var model = ModelProto.Parser.ParseFrom(onnx);
        var image = model.Graph.Input.Single(value => value.Name == input);
        var type = image.Type.TensorType.ElemType;
        image.Name = Prefix + "bytes";
        image.Type.TensorType.ElemType = UInt8;
        var shape = image.Type.TensorType.Shape.Dim;
        var (batch, height, width) = (shape[0], shape[2], shape[3]);
        shape.Clear();
        shape.Add([batch, height, width, new TensorShapeProto.Types.Dimension { DimValue = 3 }]);
        var widened = scale == 1f ? input : Prefix + "levels";
        List<NodeProto> before =
        [
            Node("Transpose", [image.Name], Prefix + "planes", new AttributeProto { Name = "perm", Type = IntsAttribute, Ints = { 0, 3, 1, 2 } }),
            Node("Cast", [Prefix + "planes"], widened, new AttributeProto { Name = "to", Type = IntAttribute, I = type }),
        ];
        if (widened != input)
        {
            before.Add(Node("Mul", [widened, Prefix + "scale"], input));
            model.Graph.Initializer.Add(Scalar(Prefix + "scale", type, scale));
        }
        // A graph lists its nodes in the order in which they can run.
        before.Reverse();
        foreach (var node in before) model.Graph.Node.Insert(0, node);
        return model.ToByteArray();
    }

    static NodeProto Node(string operation, string[] inputs, string output, params AttributeProto[] attributes) => new()
    {
        Name = output + "_node", OpType = operation, Input = { inputs }, Output = { output }, Attribute = { attributes },
    };

    static TensorProto Scalar(string name, int type, float value)
    {
        var bytes = new byte[type == HalfType ? 2 : 4];
        if (type == HalfType) BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value);
        else BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return new TensorProto { Name = name, DataType = type, RawData = ByteString.CopyFrom(bytes) };
    }
}
