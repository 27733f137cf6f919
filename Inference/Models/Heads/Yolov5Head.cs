using System.Numerics.Tensors;

namespace RetrainLoop.Inference.Models.Heads;

/// <summary>
/// YOLOv5, v6 (whose objectness is 1), v7: [boxes, 5 + classes] = centre x, centre y, width, height in input pixels, objectness, then one score per class;
/// a box scores objectness * class score.
/// </summary>
sealed class Yolov5Head(int classes) : Head(classes)
{
    public override DetectorHead Kind => DetectorHead.Yolov5;
    public override int BoxesIn(int outputLength) => outputLength / (5 + Classes);

    public override void Decode(ReadOnlySpan<float> output, float threshold, Span<float> scratch, Candidates found)
    {
        for (; !output.IsEmpty; output = output[(5 + Classes)..])
        {
            var objectness = output[4];
            if (!(objectness > threshold)) // class scores are at most 1
            {
                found.Skip(objectness);
                continue;
            }
            var scores = output.Slice(5, Classes);
            var @class = TensorPrimitives.IndexOfMax(scores);
            var score = objectness * scores[@class];
            found.Skip(score);
            if (score > threshold) found.AddCentered(output[0], output[1], output[2], output[3], score, @class);
        }
    }
}
