using System.Numerics.Tensors;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Inference.Models.Heads;

/// <summary>
/// YOLOX: [cells, 5 + classes] over grids of stride 8, 16, 32 (x fastest). Without decoding inside, centre = (xy + cell) * stride and
/// size = exp(wh) * stride; with it, centre and size are pixels already. Score = objectness * class score. Input is BGR in [0, 255] with the picture
/// at the top left.
/// </summary>
sealed class YoloxHead : Head
{
    readonly (int X, int Y, int Stride)[] cells;

    /// <param name="isDecoded">The network was exported with decoding inside.</param>
    public YoloxHead(int classes, int inputWidth, int inputHeight, bool isDecoded) : base(classes)
    {
        IsDecoded = isDecoded;
        cells = [.. AnchorGrid.CommonStrides.SelectMany(stride =>
            from y in Enumerable.Range(0, inputHeight / stride) from x in Enumerable.Range(0, inputWidth / stride) select (x, y, stride))];
    }

    public bool IsDecoded { get; }

    public override DetectorHead Kind => DetectorHead.Yolox;
    public override LetterboxStyle Letterbox => LetterboxStyle.TopLeft;
    public override PixelEncoding Encoding => PixelEncoding.BgrByte;
    public override int BoxesIn(int outputLength) => outputLength / (5 + Classes);

    public override void Decode(ReadOnlySpan<float> output, float threshold, Span<float> scratch, Candidates found)
    {
        for (var cell = 0; !output.IsEmpty; output = output[(5 + Classes)..], cell++)
        {
            if (!(output[4] > threshold))
            {
                found.Skip(output[4]);
                continue;
            }
            var scores = output.Slice(5, Classes);
            var @class = TensorPrimitives.IndexOfMax(scores);
            var score = output[4] * scores[@class];
            found.Skip(score);
            if (!(score > threshold)) continue;
            var (x, y, stride) = cells[cell];
            if (IsDecoded) found.AddCentered(output[0], output[1], output[2], output[3], score, @class);
            else found.AddCentered((output[0] + x) * stride, (output[1] + y) * stride, MathF.Exp(output[2]) * stride, MathF.Exp(output[3]) * stride,
                score, @class);
        }
    }
}
