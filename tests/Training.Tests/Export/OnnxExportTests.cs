using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using RetrainLoop.Training.Export;
using RetrainLoop.Training.Learning;
using RetrainLoop.Training.Nets;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace RetrainLoop.Tests.Training.Export;

public sealed class OnnxExportTests
{
    const int Size = 64, Batch = 2;

    [Theory]
    [InlineData(NetSize.Pico)]
    [InlineData(NetSize.Nano)]
    public void Write_Net_OnnxRuntimeAnswersAsTorchDoes(NetSize size)
    {
        using var folder = new TemporaryFolder();
        using var quiet = QuietHeap.Hold();
        using var scope = NewDisposeScope();
        using var net = WithStatistics(new Detector(size, 3));
        OnnxExport.Write(folder["model.onnx"], net, ["nut", "bolt", "gear"], Size);
        var image = rand(Batch, 3, Size, Size);
        using var session = new InferenceSession(folder["model.onnx"]);
        var input = new DenseTensor<float>(image.data<float>().ToArray(), [Batch, 3, Size, Size]);
        using var answers = session.Run([NamedOnnxValue.CreateFromTensor("images", input)]);

        using var noGradients = no_grad();
        using var grid = AnchorGrid.Of(Size);
        var (raw, embedding) = net.Run(TorchOperations.Instance, image);
        var predictions = Predictions.From(raw);
        var corners = predictions.Corners(grid);
        var (leftTop, rightBottom) = (corners.narrow(2, 0, 2), corners.narrow(2, 2, 2));
        var expected = cat([(leftTop + rightBottom) / 2, rightBottom - leftTop, predictions.ClassLogits.sigmoid()], 2).transpose(1, 2).contiguous();

        AssertClose(expected, answers.First(answer => answer.Name == "output0"));
        AssertClose(embedding.contiguous(), answers.First(answer => answer.Name == "embedding"));
    }

    [Fact]
    public void Write_Metadata_IsThatOfTheCommonExporters()
    {
        using var folder = new TemporaryFolder();
        using var net = new Detector(NetSize.Pico, 2);
        OnnxExport.Write(folder["model.onnx"], net, ["nut", "driver's bit"], 96);
        using var session = new InferenceSession(folder["model.onnx"]);
        var metadata = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal("{0: 'nut', 1: \"driver's bit\"}", metadata["names"]);
        Assert.Equal(("32", "[96, 96]", "detect"), (metadata["stride"], metadata["imgsz"], metadata["task"]));
        Assert.Equal([-1, 3, 96, 96], session.InputMetadata["images"].Dimensions);
        Assert.Equal([-1, 6, 12 * 12 + 6 * 6 + 3 * 3], session.OutputMetadata["output0"].Dimensions);
    }

    [Theory]
    [InlineData("a", "{0: 'a'}")]
    [InlineData("a'b", "{0: \"a'b\"}")]
    [InlineData("a'b\"c", "{0: 'a\\'b\"c'}")]
    [InlineData("a\\b", "{0: 'a\\\\b'}")]
    public void PythonDictionary_Name_IsQuotedAsPythonDoes(string name, string expected) => Assert.Equal(expected, OnnxExport.PythonDictionary([name]));

    /// <summary>Batch-norm statistics as after training, so that fusing them wrongly shows.</summary>
    static Detector WithStatistics(Detector net)
    {
        random.manual_seed(3);
        using var _ = no_grad();
        foreach (var (name, value) in net.state_dict())
        {
            if (name.EndsWith("running_mean", StringComparison.Ordinal)) value.normal_(0, 0.1);
            if (name.EndsWith("running_var", StringComparison.Ordinal)) value.uniform_(0.5, 2);
        }
        net.eval();
        return net;
    }

    static void AssertClose(Tensor expected, DisposableNamedOnnxValue actual)
    {
        var tensor = actual.AsTensor<float>();
        Assert.Equal(expected.shape, tensor.Dimensions.ToArray().Select(size => (long)size));
        Assert.True(expected.data<float>().ToArray().Zip(tensor, (a, b) => Math.Abs(a - b)).Max() < 1e-3);
    }
}
