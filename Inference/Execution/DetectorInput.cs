using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using RetrainLoop.Inference.Models;

namespace RetrainLoop.Inference.Execution;

/// <summary>The image input of a detector: planar, three channels, one image, float32 or float16.</summary>
sealed record DetectorInput(string Name, TensorElementType Type, int Width, int Height)
{
    const int Channels = 3, DefaultSize = 640, LargestSize = 4096;

    public int Values => Channels * Width * Height;
    public bool IsHalf => Type == TensorElementType.Float16;
    public long Bytes => (long)Values * (IsHalf ? 2 : 4);

    /// <param name="wantedSize">From the upload or the metadata; it must agree with fixed dimensions.</param>
    /// <exception cref="UnservableModelException">The model takes something else than one image.</exception>
    public static DetectorInput Of(InferenceSession session, int? wantedSize)
    {
        var found = string.Join(", ", session.InputMetadata.Select(
            input => $"'{input.Key}' {Shapes.Describe(input.Value.Dimensions)} {input.Value.ElementDataType}"));
        if (session.InputMetadata.Count != 1)
            throw new UnservableModelException($"The model has the inputs {found}; a detector takes exactly one image [1, 3, height, width].");
        var (name, input) = session.InputMetadata.Single();
        var shape = input.Dimensions;
        if (!input.IsTensor || shape.Length != 4 || shape[1] is not (-1 or Channels)
            || input.ElementDataType is not (TensorElementType.Float or TensorElementType.Float16))
            throw new UnservableModelException($"The model's input is {found}; a detector takes one float32 or float16 image [1, 3, height, width].");
        if (shape[0] > 1)
            throw new UnservableModelException(
                $"The model's input is {found}: a fixed batch of {shape[0]}. Export it with batch 1 or a dynamic batch.");
        int height = Side(shape[2], wantedSize, found), width = Side(shape[3], wantedSize, found);
        return new DetectorInput(name, input.ElementDataType, width, height);
    }

    static int Side(int inModel, int? wanted, string found)
    {
        var side = inModel > 0 ? inModel : wanted ?? DefaultSize;
        if (side > LargestSize) throw new UnservableModelException($"An input of {side} pixels is more than the {LargestSize} that are served.");
        return side;
    }
}
