using RetrainLoop.Training.Data;
using RetrainLoop.Training.Learning;
using RetrainLoop.Training.Nets;
using TorchSharp;
using static TorchSharp.torch;

namespace RetrainLoop.Training.Validation;

/// <summary>Measures a net on a split.</summary>
public static class Validator
{
    public static Precision Measure(Detector net, PictureCache pictures, AnchorGrid grid, int batchSize, Device device)
    {
        var reader = new DetectionReader();
        var results = new List<(IReadOnlyList<Target>, IReadOnlyList<ScoredBox>)>(pictures.Count);
        net.eval();
        using var noGradients = inference_mode();
        foreach (var indices in Enumerable.Range(0, pictures.Count).Chunk(batchSize))
        {
            using var scope = NewDisposeScope();
            var shown = indices.Select(index => pictures[index]).ToList();
            var batch = Batch.Of(shown, device);
            using var quiet = QuietHeap.Hold();
            var detections = reader.Read(net.forward(batch.Images), grid);
            for (var i = 0; i < shown.Count; i++) results.Add((shown[i].Targets, detections[i]));
        }
        return AveragePrecision.Of(results);
    }
}
