using System.Numerics.Tensors;

namespace RetrainLoop.Inference.Models.Heads;

/// <summary>The YOLOv8 head with boxes as rows: [boxes, 4 + classes].</summary>
sealed class Yolov8TransposedHead(int classes) : Head(classes)
{
    public override DetectorHead Kind => DetectorHead.Yolov8;
    public override int BoxesIn(int outputLength) => outputLength / (4 + Classes);

    public override void Decode(ReadOnlySpan<float> output, float threshold, Span<float> scratch, Candidates found)
    {
        for (; !output.IsEmpty; output = output[(4 + Classes)..])
        {
            var scores = output.Slice(4, Classes);
            if (TensorPrimitives.Max(scores) is var best && !(best > threshold)) // cheaper than looking where it is
            {
                found.Skip(best);
                continue;
            }
            var @class = TensorPrimitives.IndexOfMax(scores);
            found.AddCentered(output[0], output[1], output[2], output[3], scores[@class], @class);
        }
    }
}
