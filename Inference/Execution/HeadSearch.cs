using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Models;
using RetrainLoop.Inference.Models.Heads;

namespace RetrainLoop.Inference.Execution;

/// <summary>What was found in a network's answer to a frame.</summary>
/// <param name="Outputs">The output with the boxes, then the one with the embedding where there is one.</param>
sealed record FoundHead(Head Head, string[] Outputs);

/// <summary>Looks for the output that is a detector's, by what a frame of padding gives.</summary>
static class HeadSearch
{
    const string EmbeddingOutput = "embedding";
    const float Floor = 0.001f;

    /// <exception cref="UnservableModelException">No output can be decoded; it says what was found.</exception>
    public static FoundHead Find(InferenceSession session, DetectorInput input, IReadOnlyList<string>? names, DetectorHead? wanted)
    {
        using var frame = new GrayFrame(input, PixelEncoding.RgbUnit.Scale);
        using var values = frame.Run(session);
        var outputs = session.OutputNames.Zip(values, (name, value) => new Output(name, value)).ToList();
        foreach (var output in outputs)
        {
            if (output.Shape is not [var images, var rows, var columns] || images != frame.Images || !output.IsFloat) continue;
            // Scores of which another output holds the boxes.
            if (outputs.Any(other => other != output && other.Shape is [_, var others, 4] && others == rows)) continue;
            var evidence = new HeadEvidence((int)rows, (int)columns, input.Width, input.Height, names?.Count, wanted, output.Rows);
            if (HeadDetection.Find(evidence) is not { } head) continue;
            output.CheckNumbers(head, frame.Images);
            var embedding = outputs.FirstOrDefault(other => other.Name == EmbeddingOutput && other.Shape is [_, _] && other.IsFloat);
            return new FoundHead(head, embedding is null ? [output.Name] : [output.Name, embedding.Name]);
        }
        var found = string.Join(", ", outputs.Select(output => $"'{output.Name}' {Shapes.Describe(output.Shape)} {output.Type}"));
        throw new UnservableModelException(
            $"No output is a detector's that can be decoded: found {found} for an input of {input.Width} x {input.Height} pixels and "
            + (names is null ? "no class names" : $"{names.Count} class names") + $". {Advice(outputs)}{HeadDetection.Supported}"
            + " If it is one of these, name its head and classes in 'spec'.");
    }

    /// <summary>What exports that are met often lack, as a sentence with a blank behind it.</summary>
    static string Advice(IReadOnlyList<Output> outputs) =>
        outputs.Any(output => output.Shape is [_, 3, _, _, > 5]) ? "These are the raw maps of YOLOv5 or v7: export it with its boxes decoded (v7: --grid). "
        : outputs.Any(output => output.Shape is [_, 32, _, _]) ? "It looks like a segmenter, with masks beside the boxes: export a detector. "
        : outputs.Any(output => output.Shape is [_, 7]) ? "It looks like a v7 with suppression inside: export it without --end2end. "
        : "";

    sealed record Output(string Name, OrtValue Value)
    {
        public long[] Shape { get; } = Value.GetTensorTypeAndShape().Shape;
        public TensorElementType Type { get; } = Value.GetTensorTypeAndShape().ElementDataType;
        public bool IsFloat => Type is TensorElementType.Float or TensorElementType.Float16;

        public RowEvidence Rows()
        {
            float[] widened = [];
            return RowEvidence.Of(OutputView.Of(Value).Read(ref widened), (int)Shape[^1]);
        }

        /// <exception cref="UnservableModelException">Scores or boxes are no finite numbers even on a frame of padding.</exception>
        public void CheckNumbers(Head head, int images)
        {
            float[] widened = [];
            var values = OutputView.Of(Value).Read(ref widened);
            var first = values[..(values.Length / images)];
            var found = new Candidates();
            head.Decode(first, Floor, new float[head.BoxesIn(first.Length)], found);
            if (found.IsBroken) throw new UnservableModelException(new ModelOutputException().Message + " Export it in float32.");
        }
    }
}
