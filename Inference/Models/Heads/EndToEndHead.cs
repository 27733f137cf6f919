namespace RetrainLoop.Inference.Models.Heads;

/// <summary>YOLOv10, v26 and exports with suppression inside: [boxes, 6] = left, top, right, bottom in input pixels, score, class.</summary>
sealed class EndToEndHead(int classes) : Head(classes)
{
    public override DetectorHead Kind => DetectorHead.End2end;
    public override bool NeedsSuppression => false;
    public override int BoxesIn(int outputLength) => outputLength / 6;

    public override void Decode(ReadOnlySpan<float> output, float threshold, Span<float> scratch, Candidates found)
    {
        for (; !output.IsEmpty; output = output[6..])
        {
            var @class = (int)output[5];
            found.Skip(output[4]);
            if (output[4] > threshold && @class >= 0 && @class < Classes) found.Add(output[0], output[1], output[2], output[3], output[4], @class);
        }
    }
}
