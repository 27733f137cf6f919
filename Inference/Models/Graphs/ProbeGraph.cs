using Google.Protobuf;

namespace RetrainLoop.Inference.Models.Graphs;

/// <summary>The smallest network that an execution provider can show itself with: it negates one float32.</summary>
static class ProbeGraph
{
    public const string Input = "x", Output = "y";
    const int Float = 1, FormatVersion = 8, OperatorSet = 13;

    /// <returns>An ONNX file.</returns>
    public static byte[] Create() => new ModelProto
    {
        IrVersion = FormatVersion,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OperatorSet } },
        Graph = new GraphProto
        {
            Name = "probe",
            Node = { new NodeProto { Name = "negate", OpType = "Neg", Input = { Input }, Output = { Output } } },
            Input = { One(Input) },
            Output = { One(Output) },
        },
    }.ToByteArray();

    static ValueInfoProto One(string name) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = Float, Shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimValue = 1 } } },
            },
        },
    };
}
