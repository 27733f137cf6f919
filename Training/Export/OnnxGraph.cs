using System.Runtime.InteropServices;
using Google.Protobuf;
using RetrainLoop.Training.Export.Onnx;
using TorchSharp;
using static TorchSharp.torch;
using AttributeType = RetrainLoop.Training.Export.Onnx.AttributeProto.Types.AttributeType;

namespace RetrainLoop.Training.Export;

/// <summary>An ONNX graph under construction. Values are known by the name of the output that makes them.</summary>
public sealed class OnnxGraph
{
    public GraphProto Proto { get; } = new() { Name = "detector" };

    /// <summary>Adds a node and returns the names of its outputs.</summary>
    public string[] Nodes(string type, int outputs, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var name = $"{type}_{Proto.Node.Count}";
        var node = new NodeProto { OpType = type, Name = name };
        foreach (var input in inputs) node.Input.Add(input);
        foreach (var attribute in attributes) node.Attribute.Add(attribute);
        string[] produced = [.. Enumerable.Range(0, outputs).Select(i => $"{name}_{i}")];
        node.Output.AddRange(produced);
        Proto.Node.Add(node);
        return produced;
    }

    public string Node(string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes) =>
        Nodes(type, 1, inputs, attributes)[0];

    /// <summary>Two parts along an axis.</summary>
    public (string First, string Second) Split(string x, int axis, long first, long second)
    {
        var parts = Nodes("Split", 2, [x, Constant(first, second)], Int("axis", axis));
        return (parts[0], parts[1]);
    }

    /// <summary>Gives a value the name by which callers of the model ask for it.</summary>
    public void NameOutput(string value, string name) => Proto.Node.Add(new NodeProto { OpType = "Identity", Name = name, Input = { value }, Output = { name } });

    public string Constant(Tensor values)
    {
        using var plain = values.detach().cpu().to(float32).contiguous();
        return Constant(TensorProto.Types.DataType.Float, plain.shape, MemoryMarshal.AsBytes<float>(plain.data<float>().ToArray()));
    }

    public string Constant(params ReadOnlySpan<float> values) =>
        Constant(TensorProto.Types.DataType.Float, [values.Length], MemoryMarshal.AsBytes(values));

    public string Constant(params ReadOnlySpan<long> values) =>
        Constant(TensorProto.Types.DataType.Int64, [values.Length], MemoryMarshal.AsBytes(values));

    string Constant(TensorProto.Types.DataType type, long[] shape, ReadOnlySpan<byte> bytes)
    {
        var constant = new TensorProto { Name = $"constant_{Proto.Initializer.Count}", DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        constant.Dims.AddRange(shape);
        Proto.Initializer.Add(constant);
        return constant.Name;
    }

    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Text(string name, string value) => new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Ints(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        foreach (var value in values) attribute.Ints.Add(value);
        return attribute;
    }
}
