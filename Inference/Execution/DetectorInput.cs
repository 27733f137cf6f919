using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using RetrainLoop.Inference.Models;

namespace RetrainLoop.Inference.Execution;

/// <summary>The image input of a detector: three channels as float32, float16 or uint8 planes, or as uint8 pixels.</summary>
/// <param name="Interleaved">Channels last: [batch, height, width, 3].</param>
/// <param name="FixedBatch">Images that each call must bring; null when any number will do.</param>
sealed record DetectorInput(string Name, TensorElementType Type, bool Interleaved, int Width, int Height, int? FixedBatch)
{
    const int Channels = 3, DefaultSize = 640, LargestSize = 4096, LargestFixedBatch = 64;

    const string Supported =
        "A detector takes one float32, float16 or uint8 input [batch, 3, height, width], or uint8 [batch, height, width, 3].";

    /// <summary>Values of all images of a run together.</summary>
    public const int MostValues = 256_000_000;

    /// <summary>Neither side can be chosen: it runs at this size only.</summary>
    public bool HasFixedSize { get; init; }

    /// <summary>Values of one image.</summary>
    public int Values => Channels * Width * Height;

    /// <summary>Bytes of one image.</summary>
    public long Bytes => Values * (Type switch { TensorElementType.Float => 4L, TensorElementType.Float16 => 2L, _ => 1L });

    /// <summary>The network normalises by itself: it wants channel values in [0, 255].</summary>
    public bool IsByte => Type == TensorElementType.UInt8;

    public long[] ShapeOf(int images) => Interleaved ? [images, Height, Width, Channels] : [images, Channels, Height, Width];

    /// <param name="wantedSize">From the upload or the metadata; fixed dimensions win over it.</param>
    /// <exception cref="UnservableModelException">The model takes something else than an image.</exception>
    public static DetectorInput Of(InferenceSession session, int? wantedSize)
    {
        var found = string.Join(", ", session.InputMetadata.Select(
            input => $"'{input.Key}' {Shapes.Describe(input.Value.Dimensions)} {input.Value.ElementDataType}"));
        if (session.InputMetadata.Count != 1)
            throw new UnservableModelException($"The model has the inputs {found}; a detector takes exactly one image. {Supported}");
        var (name, input) = session.InputMetadata.Single();
        var shape = input.Dimensions;
        var isByte = input.ElementDataType == TensorElementType.UInt8;
        var interleaved = shape is [_, not Channels, _, Channels];
        if (!input.IsTensor || shape.Length != 4 || !interleaved && shape[1] is not (-1 or Channels) || interleaved && !isByte
            || !isByte && input.ElementDataType is not (TensorElementType.Float or TensorElementType.Float16))
            throw new UnservableModelException($"The model's input is {found}. {Supported}");
        if (shape[0] > LargestFixedBatch)
            throw new UnservableModelException(
                $"The model's input is {found}: a fixed batch of {shape[0]}. Export it with a dynamic batch, or with one of at most {LargestFixedBatch}.");
        var (rows, columns) = interleaved ? (shape[1], shape[2]) : (shape[2], shape[3]);
        int height = Side(rows, wantedSize), width = Side(columns, wantedSize);
        var image = new DetectorInput(name, input.ElementDataType, interleaved, width, height, shape[0] > 0 ? shape[0] : null)
        {
            HasFixedSize = rows > 0 && columns > 0,
        };
        if ((long)image.Values * (image.FixedBatch ?? 1) > MostValues)
            throw new UnservableModelException(
                $"The model's input is {found}: {(long)image.Values * image.FixedBatch} values for each run. At most {MostValues} are served; "
                + "export it with a smaller batch or a smaller picture.");
        return image;
    }

    static int Side(int inModel, int? wanted)
    {
        var side = inModel > 0 ? inModel : wanted ?? DefaultSize;
        if (side > LargestSize) throw new UnservableModelException($"An input of {side} pixels is more than the {LargestSize} that are served.");
        return side;
    }
}
