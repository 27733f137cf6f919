using RetrainLoop.Contracts;
using RetrainLoop.Training.Nets;
using TorchSharp;
using static TorchSharp.torch;

namespace RetrainLoop.Training.Validation;

/// <summary>Turns a net's raw output into detections, best first, with non-maximum suppression within each class.</summary>
/// <param name="Threshold">Scores at or below it are dropped.</param>
/// <param name="Overlap">A box that covers a better one of its class by more than this IoU is dropped.</param>
public sealed record DetectionReader(float Threshold = 0.01f, float Overlap = 0.65f, int AtMost = 100)
{
    /// <param name="raw">[B, 4 * Bins + classes, N].</param>
    public IReadOnlyList<ScoredBox>[] Read(Tensor raw, AnchorGrid grid)
    {
        using var scope = NewDisposeScope();
        var predictions = Predictions.From(raw);
        var corners = predictions.Corners(grid).cpu().contiguous().data<float>().ToArray();
        var scores = predictions.ClassLogits.sigmoid().cpu().contiguous().data<float>().ToArray();
        var (batch, points, classes) = ((int)raw.shape[0], (int)grid.Count, (int)predictions.ClassLogits.shape[2]);
        var read = new IReadOnlyList<ScoredBox>[batch];
        for (var i = 0; i < batch; i++)
            read[i] = Suppress(Above(corners.AsSpan(i * points * 4, points * 4), scores.AsSpan(i * points * classes, points * classes), classes));
        return read;
    }

    List<ScoredBox> Above(ReadOnlySpan<float> corners, ReadOnlySpan<float> scores, int classes)
    {
        var found = new List<ScoredBox>();
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] <= Threshold) continue;
            var corner = corners.Slice(i / classes * 4, 4);
            found.Add(new ScoredBox(i % classes, scores[i], new Box(corner[0], corner[1], corner[2] - corner[0], corner[3] - corner[1])));
        }
        return found;
    }

    /// <summary>Greedy: the best detection first, then the best of those that do not overlap it, and so on.</summary>
    public IReadOnlyList<ScoredBox> Suppress(IEnumerable<ScoredBox> detections)
    {
        var kept = new List<ScoredBox>();
        foreach (var candidate in detections.OrderByDescending(detection => detection.Score))
        {
            if (kept.Count == AtMost) break;
            if (!kept.Exists(better => better.Class == candidate.Class && Box.IoU(better.Box, candidate.Box) > Overlap)) kept.Add(candidate);
        }
        return kept;
    }
}
