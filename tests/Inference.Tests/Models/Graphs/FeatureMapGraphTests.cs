using RetrainLoop.Inference.Models.Graphs;
using static RetrainLoop.Tests.Inference.OnnxFile;

namespace RetrainLoop.Tests.Inference.Models.Graphs;

public sealed class FeatureMapGraphTests
{
    [Fact]
    public void Candidates_OptionalOutputsLeftOut_AreNoTensors()
    {
        var onnx = Message(Bytes(7, Message(
            Node("Dropout", ["images"], ["first", ""]), Node("Relu", ["first"], ["map"]), Node("Dropout", ["map"], ["second", ""]),
            Node("Conv", ["second", "weights"], ["boxes"]),
            Bytes(11, ValueInfo("images", 1, 3, 8, 8)), Bytes(12, ValueInfo("boxes", 1, 3, 8, 8)))));
        Assert.Equal(["map"], FeatureMapGraph.Candidates(onnx));
    }
}
