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

    /// <exception cref="UnservableModelException">No output can be decoded; it says what was found.</exception>
    public static FoundHead Find(InferenceSession session, DetectorInput input, IReadOnlyList<string>? names, DetectorHead? wanted)
    {
        using var frame = new GrayFrame(input, PixelEncoding.RgbUnit.Scale);
        using var values = frame.Run(session);
        var outputs = session.OutputNames.Zip(values, (name, value) => new Output(name, value)).ToList();
        foreach (var output in outputs)
        {
            if (output.Shape is not [var images, var rows, var columns] || images != frame.Images || !output.IsFloat) continue;
            var evidence = new HeadEvidence((int)rows, (int)columns, input.Width, input.Height, names?.Count, wanted, output.LargestCenter);
            if (HeadDetection.Find(evidence) is not { } head) continue;
            var embedding = outputs.FirstOrDefault(other => other.Name == EmbeddingOutput && other.Shape is [_, _] && other.IsFloat);
            return new FoundHead(head, embedding is null ? [output.Name] : [output.Name, embedding.Name]);
        }
        var found = string.Join(", ", outputs.Select(output => $"'{output.Name}' {Shapes.Describe(output.Shape)} {output.Type}"));
        throw new UnservableModelException(
            $"No output is a detector's that can be decoded: found {found} for an input of {input.Width} x {input.Height} pixels and "
            + (names is null ? "no class names" : $"{names.Count} class names") + $". {HeadDetection.Supported}"
            + " If it is one of these, name its head and classes in 'spec'.");
    }

    sealed record Output(string Name, OrtValue Value)
    {
        public long[] Shape { get; } = Value.GetTensorTypeAndShape().Shape;
        public TensorElementType Type { get; } = Value.GetTensorTypeAndShape().ElementDataType;
        public bool IsFloat => Type is TensorElementType.Float or TensorElementType.Float16;

        public float LargestCenter(int row)
        {
            float[] widened = [];
            var values = OutputView.Of(Value).Read(ref widened);
            var largest = 0f;
            for (var at = 0; at + 1 < values.Length; at += row) largest = Math.Max(largest, Math.Max(values[at], values[at + 1]));
            return largest;
        }
    }
}
