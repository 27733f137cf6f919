using Google.Protobuf;

namespace RetrainLoop.Inference.Models.Graphs;

/// <summary>Gives a network that has no embedding one: the mean of a feature map over its places, as a further output.</summary>
static class FeatureMapGraph
{
    public const string Embedding = "embedding";
    const string Pooled = "retrainloop_pooled";
    // Where the way back from the boxes ends. Quantisers count too: the scale that they give bypasses their convolution.
    static readonly HashSet<string> Ends = ["Conv", "ConvInteger", "QLinearConv", "FusedConv", "DynamicQuantizeLinear", "QuantizeLinear"];
    static readonly HashSet<string> MapMakers = ["Conv", "Mul", "Add", "Relu", "LeakyRelu", "PRelu", "Clip", "Elu", "HardSwish", "Mish"];

    /// <summary>Tensors that may be feature maps, the last of the graph first: not those that only turn the head's last convolutions into boxes.</summary>
    public static IReadOnlyList<string> Candidates(byte[] onnx)
    {
        var graph = ModelProto.Parser.ParseFrom(onnx).Graph;
        var makers = graph.Node.SelectMany(node => node.Output.Select(output => (output, node)))
            .Where(pair => pair.output.Length > 0) // an optional output that is left out has no name
            .ToDictionary(pair => pair.output, pair => pair.node);
        if (makers.ContainsKey(Embedding)) return []; // the name is taken by something else
        var behind = new HashSet<string>();
        var open = new Stack<string>(graph.Output.Select(output => output.Name));
        while (open.TryPop(out var tensor))
        {
            if (!behind.Add(tensor) || !makers.TryGetValue(tensor, out var maker) || Ends.Contains(maker.OpType)) continue;
            foreach (var input in maker.Input) open.Push(input);
        }
        return [.. graph.Node.Where(node => MapMakers.Contains(node.OpType)).SelectMany(node => node.Output).Where(
            output => !behind.Contains(output)).Reverse()];
    }

    /// <summary>The network with other outputs than its own, to see what tensors look like.</summary>
    public static byte[] WithOutputs(byte[] onnx, IEnumerable<string> tensors)
    {
        var model = ModelProto.Parser.ParseFrom(onnx);
        model.Graph.Output.Clear();
        foreach (var tensor in tensors) model.Graph.Output.Add(new ValueInfoProto { Name = tensor });
        return model.ToByteArray();
    }

    /// <param name="featureMap">A tensor [batch, channels, height, width].</param>
    /// <returns>The network with the further output <c>embedding</c> [batch, channels].</returns>
    public static byte[] WithPooled(byte[] onnx, string featureMap)
    {
        const int intAttribute = 2;
        var model = ModelProto.Parser.ParseFrom(onnx);
        model.Graph.Node.Add(new NodeProto { Name = Pooled + "_node", OpType = "GlobalAveragePool", Input = { featureMap }, Output = { Pooled } });
        model.Graph.Node.Add(new NodeProto
        {
            Name = Embedding + "_node", OpType = "Flatten", Input = { Pooled }, Output = { Embedding },
            Attribute = { new AttributeProto { Name = "axis", Type = intAttribute, I = 1 } },
        });
        model.Graph.Output.Add(new ValueInfoProto { Name = Embedding });
        return model.ToByteArray();
    }
}
