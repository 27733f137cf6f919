using System.Numerics.Tensors;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Inference.Models.Heads;

/// <summary>
/// YOLOX without decoding inside: [cells, 5 + classes] over grids of stride 8, 16, 32 (x fastest); centre = (xy + cell) * stride,
/// size = exp(wh) * stride, score = objectness * class score. Input is BGR in [0, 255] with the picture at the top left.
/// </summary>
sealed class YoloxHead : Head
{
    readonly (int X, int Y, int Stride)[] cells;

    public YoloxHead(int classes, int inputWidth, int inputHeight) : base(classes) =>
        cells = [.. AnchorGrid.CommonStrides.SelectMany(stride =>
            from y in Enumerable.Range(0, inputHeight / stride) from x in Enumerable.Range(0, inputWidth / stride) select (x, y, stride))];

    public override DetectorHead Kind => DetectorHead.Yolox;
    public override LetterboxStyle Letterbox => LetterboxStyle.TopLeft;
    public override PixelEncoding Encoding => PixelEncoding.BgrByte;
    public override int BoxesIn(int outputLength) => outputLength / (5 + Classes);

    public override void Decode(ReadOnlySpan<float> output, float threshold, Span<float> scratch, Candidates found)
    {
        for (var cell = 0; !output.IsEmpty; output = output[(5 + Classes)..], cell++)
        {
            if (!(output[4] > threshold)) continue;
            var scores = output.Slice(5, Classes);
            var @class = TensorPrimitives.IndexOfMax(scores);
            var score = output[4] * scores[@class];
            if (!(score > threshold)) continue;
            var (x, y, stride) = cells[cell];
            found.AddCentered((output[0] + x) * stride, (output[1] + y) * stride, MathF.Exp(output[2]) * stride, MathF.Exp(output[3]) * stride,
                score, @class);
        }
    }
}
