using System.Globalization;
using Google.Protobuf;
using RetrainLoop.Training.Export.Onnx;
using RetrainLoop.Training.Nets;
using static RetrainLoop.Training.Export.OnnxGraph;

namespace RetrainLoop.Training.Export;

/// <summary>
/// A detector as an ONNX file, opset 17. Input <c>images</c> [batch, 3, S, S], RGB in [0, 1]. Outputs: <c>output0</c> [batch, 4 + classes, N]
/// (centre x, centre y, width, height in pixels of the input, then a score in [0, 1] a class) and <c>embedding</c> [batch, C].
/// Metadata keys and formats are those of the common YOLO exporters.
/// </summary>
public static class OnnxExport
{
    const int Opset = 17, IrVersion = 8;

    public static void Write(string path, Detector net, IReadOnlyList<string> classNames, int imageSize)
    {
        using var grid = AnchorGrid.Of(imageSize);
        var graph = new OnnxGraph();
        var (raw, embedding) = net.Run(new OnnxOperations(graph), "images");
        graph.NameOutput(Decode(graph, raw, grid, net.Classes), "output0");
        graph.NameOutput(embedding, "embedding");
        graph.Proto.Input.Add(Value("images", "batch", 3, imageSize, imageSize));
        graph.Proto.Output.Add(Value("output0", "batch", 4 + net.Classes, grid.Count));
        graph.Proto.Output.Add(Value("embedding", "batch", NetShape.Of(net.Size).Channels[^1]));

        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "RetrainLoop", Graph = graph.Proto };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        foreach (var (key, value) in Metadata(classNames, imageSize)) model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        using var file = File.Create(path);
        model.WriteTo(file);
    }

    /// <summary>As <see cref="Predictions"/> does on tensors: distributions to distances to corners to centre and size; logits to scores.</summary>
    static string Decode(OnnxGraph graph, string raw, AnchorGrid grid, int classes)
    {
        const int bins = NetShape.Bins;
        var (sides, logits) = graph.Split(raw, 1, 4 * bins, classes);
        var byBin = graph.Node("Transpose", [graph.Node("Reshape", [sides, graph.Constant(0L, 4, bins, -1)])], Ints("perm", 0, 1, 3, 2)); // [B, 4, N, bins]
        var number = graph.Constant(TorchSharp.torch.arange(bins, dtype: TorchSharp.torch.float32).view(bins, 1));
        var expectation = graph.Node("MatMul", [graph.Node("Softmax", [byBin], Int("axis", 3)), number]); // [B, 4, N, 1]
        var strides = graph.Constant(grid.Strides.t());
        var distances = graph.Node("Mul", [graph.Node("Reshape", [expectation, graph.Constant(0L, 4, -1)]), strides]);
        var (leftTop, rightBottom) = graph.Split(distances, 1, 2, 2);
        var points = graph.Constant(grid.Points.t().unsqueeze(0));
        var shift = graph.Node("Mul", [graph.Node("Sub", [rightBottom, leftTop]), graph.Constant(0.5f)]);
        return graph.Node(
            "Concat",
            [graph.Node("Add", [points, shift]), graph.Node("Add", [leftTop, rightBottom]), graph.Node("Sigmoid", [logits])],
            Int("axis", 1));
    }

    static Dictionary<string, string> Metadata(IReadOnlyList<string> classNames, int imageSize) => new()
    {
        ["task"] = "detect",
        ["stride"] = NetShape.Strides[^1].ToString(CultureInfo.InvariantCulture),
        ["imgsz"] = string.Create(CultureInfo.InvariantCulture, $"[{imageSize}, {imageSize}]"),
        ["names"] = PythonDictionary(classNames),
    };

    /// <summary>Class names as Python prints a dict: <c>{0: 'nut', 1: 'bolt'}</c>.</summary>
    public static string PythonDictionary(IReadOnlyList<string> classNames) =>
        $"{{{string.Join(", ", classNames.Select((name, number) => string.Create(CultureInfo.InvariantCulture, $"{number}: {PythonText(name)}")))}}}";

    static string PythonText(string text)
    {
        var escaped = text.Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\t", "\\t");
        if (!escaped.Contains('\'')) return $"'{escaped}'";
        return escaped.Contains('"') ? $"'{escaped.Replace("'", "\\'")}'" : $"\"{escaped}\"";
    }

    static ValueInfoProto Value(string name, string batch, params ReadOnlySpan<long> sizes)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = batch });
        foreach (var size in sizes) shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } },
        };
    }
}
