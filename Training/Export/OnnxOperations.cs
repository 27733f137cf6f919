using RetrainLoop.Training.Nets;
using static RetrainLoop.Training.Export.OnnxGraph;

namespace RetrainLoop.Training.Export;

/// <summary>Writes a net down as ONNX nodes; batch norm is folded into the convolutions.</summary>
public sealed class OnnxOperations(OnnxGraph graph) : IOperations<string>
{
    readonly string twice = graph.Constant(1f, 1f, 2f, 2f);

    public string Convolve(ConvolutionBlock block, string x)
    {
        var (weight, bias) = block.Fused();
        using (weight)
        using (bias)
        {
            long kernel = block.Kernel, border = kernel / 2;
            var convolved = graph.Node(
                "Conv", [x, graph.Constant(weight), graph.Constant(bias)],
                Ints("kernel_shape", kernel, kernel), Ints("strides", block.Stride, block.Stride), Ints("pads", border, border, border, border));
            return graph.Node("Mul", [convolved, graph.Node("Sigmoid", [convolved])]);
        }
    }

    public string Project(TorchSharp.Modules.Conv2d convolution, string x) =>
        graph.Node("Conv", [x, graph.Constant(convolution.weight!), graph.Constant(convolution.bias!)], Ints("kernel_shape", 1, 1));

    public string Add(string a, string b) => graph.Node("Add", [a, b]);

    public string Concatenate(params ReadOnlySpan<string> parts) => graph.Node("Concat", parts, Int("axis", 1));

    public (string First, string Second) Halve(string x, int channels) => graph.Split(x, 1, channels, channels);

    public string MaximumPool(string x) =>
        graph.Node("MaxPool", [x], Ints("kernel_shape", 5, 5), Ints("strides", 1, 1), Ints("pads", 2, 2, 2, 2));

    public string Upsample(string x) => graph.Node(
        "Resize", [x, "", twice],
        Text("mode", "nearest"), Text("coordinate_transformation_mode", "asymmetric"), Text("nearest_mode", "floor"));

    public string Flatten(string x, int channels) => graph.Node("Reshape", [x, graph.Constant(0L, channels, -1)]);

    public string ConcatenateLevels(params ReadOnlySpan<string> levels) => graph.Node("Concat", levels, Int("axis", 2));

    public string AveragePool(string x) => graph.Node("Flatten", [graph.Node("GlobalAveragePool", [x])]);
}
