using System.Numerics.Tensors;

namespace RetrainLoop.Inference.Models.Heads;

/// <summary>
/// YOLOv8, v9, v11: [4 + classes, boxes] = centre x, centre y, width, height in input pixels, then one score per class; there is no objectness.
/// The best class of each box is found for all boxes at once, row by row.
/// </summary>
sealed class Yolov8Head(int classes) : Head(classes)
{
    public override DetectorHead Kind => DetectorHead.Yolov8;
    public override int BoxesIn(int outputLength) => outputLength / (4 + Classes);

    public override void Decode(ReadOnlySpan<float> output, float threshold, Span<float> scratch, Candidates found)
    {
        var boxes = BoxesIn(output.Length);
        var best = scratch[..boxes];
        output.Slice(4 * boxes, boxes).CopyTo(best);
        for (var @class = 1; @class < Classes; @class++) TensorPrimitives.Max(best, output.Slice((4 + @class) * boxes, boxes), best);
        found.Skip(TensorPrimitives.Max(best)); // NaN when any is
        for (var box = 0; box < boxes; box++)
        {
            if (!(best[box] > threshold)) continue;
            var @class = 0;
            while (@class < Classes - 1 && output[(4 + @class) * boxes + box] != best[box]) @class++;
            found.AddCentered(output[box], output[boxes + box], output[2 * boxes + box], output[3 * boxes + box], best[box], @class);
        }
    }
}
