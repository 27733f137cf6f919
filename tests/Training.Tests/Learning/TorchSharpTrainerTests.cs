using RetrainLoop.Tests.Training.Data;
using RetrainLoop.Training.Checkpoints;
using RetrainLoop.Training.Learning;

namespace RetrainLoop.Tests.Training.Learning;

public sealed class TorchSharpTrainerTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly List<ProgressLine> told = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Run_TinySet_IsLearntByHeart()
    {
        var dataset = ShapesDataset.Write(folder["data"], train: 24, validation: 8);
        var result = Run(Options(dataset, "out") with { Epochs = 30, Lr0 = 0.005, BatchSize = 4 });

        var epochs = told.Select(line => line.Epoch).OfType<EpochInfo>().ToList();
        Assert.Equal(Enumerable.Range(1, 30), epochs.Select(epoch => epoch.Epoch));
        Assert.True(epochs[^1].ClassLoss < epochs[0].ClassLoss / 3, $"class loss {epochs[0].ClassLoss} -> {epochs[^1].ClassLoss}");
        Assert.True(epochs[^1].BoxLoss < epochs[0].BoxLoss / 2, $"box loss {epochs[0].BoxLoss} -> {epochs[^1].BoxLoss}");
        Assert.True(result.Metrics["mAP50"] > 0.8, $"mAP50 {result.Metrics["mAP50"]}");
        Assert.True(File.Exists(folder[Path.Combine("out", "model.onnx")]));
        Assert.Equal(ShapesDataset.ClassNames, Checkpoint.ReadHeader(folder[Path.Combine("out", "best.ckpt")]).ClassNames);
    }

    [Fact]
    public void Run_InterruptedAndGoneOn_GivesTheWeightsOfAnUninterruptedRun()
    {
        var dataset = ShapesDataset.Write(folder["data"], train: 8, validation: 4);
        Run(Options(dataset, "whole"));
        using (var interrupt = new CancellationTokenSource())
            Assert.Throws<OperationCanceledException>(() => Run(Options(dataset, "parts"), interrupt.Token, line =>
            {
                if (line.Epoch?.Epoch == 2) interrupt.Cancel();
            }));
        told.Clear();
        Run(Options(dataset, "parts") with { Resume = true });

        Assert.Equal([1, 2], told.Single(line => line.Earlier is not null).Earlier!.Select(epoch => epoch.Epoch));
        Assert.Equal([3, 4], told.Select(line => line.Epoch).OfType<EpochInfo>().Select(epoch => epoch.Epoch));
        Assert.Equal(Weights("whole"), Weights("parts"));
    }

    [Fact]
    public void Run_BaseKnowsOtherClasses_StartsTheClassOutputsAfreshAndSaysSo()
    {
        Run(Options(ShapesDataset.Write(folder["data"], train: 4, validation: 2), "base") with { Epochs = 1 });
        var other = ShapesDataset.Write(folder["other"], train: 4, validation: 2, classNames: ["square", "disc", "star"]);
        told.Clear();
        Run(Options(other, "out") with { Epochs = 1, Base = folder[Path.Combine("base", "best.ckpt")] });
        Assert.Contains(told, line => line.Log?.Contains("starts afresh", StringComparison.Ordinal) == true);
        Assert.Equal(3, Checkpoint.ReadHeader(folder[Path.Combine("out", "best.ckpt")]).ClassNames.Count);
    }

    [Fact]
    public void Read_FileThatIsNoCheckpoint_IsRefused()
    {
        File.WriteAllText(folder["x.ckpt"], "not a checkpoint at all");
        Assert.Contains("x.ckpt is not a RetrainLoop checkpoint", Assert.Throws<CheckpointException>(() => Checkpoint.ReadHeader(folder["x.ckpt"])).Message);
    }

    TrainOptions Options(string dataset, string output) => new()
    {
        Dataset = dataset, Out = folder[output], Epochs = 4, ImageSize = ShapesDataset.Side, Lr0 = 0.002, Patience = 100, Seed = 7,
    };

    TrainingResult Run(TrainOptions options, CancellationToken cancellation = default, Action<ProgressLine>? also = null)
    {
        void Tell(ProgressLine line)
        {
            told.Add(line);
            also?.Invoke(line);
        }

        return new TorchSharpTrainer(options, Tell, TimeProvider.System).Run(cancellation);
    }

    float[] Weights(string output)
    {
        var (_, net) = Checkpoint.Read(folder[Path.Combine(output, "last.ckpt")]);
        using (net)
            return [.. net.state_dict().OrderBy(entry => entry.Key).Select(entry => entry.Value)
                .Where(value => value.is_floating_point()).SelectMany(value => value.data<float>().ToArray())];
    }
}
