using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Inference.Execution;

/// <summary>A frame of nothing but padding, as often as the network wants it: for warming up and for seeing what it answers.</summary>
sealed unsafe class GrayFrame : IDisposable
{
    readonly DetectorInput input;
    readonly NativeBuffer buffer = new();
    readonly RunOptions options = new();

    public GrayFrame(DetectorInput input, float scale)
    {
        this.input = input;
        Images = input.FixedBatch ?? 1;
        var data = Data;
        var values = input.Values * Images;
        if (input.Type == TensorElementType.Float16) new Span<Half>(data, values).Fill((Half)(LetterboxWriter.Padding * scale));
        else if (input.IsByte) new Span<byte>(data, values).Fill((byte)LetterboxWriter.Padding);
        else new Span<float>(data, values).Fill(LetterboxWriter.Padding * scale);
    }

    /// <summary>Images of one run.</summary>
    public int Images { get; }

    void* Data => buffer.Reserve((nuint)(input.Bytes * Images));

    /// <returns>All outputs of the network, in its order.</returns>
    public IDisposableReadOnlyCollection<OrtValue> Run(InferenceSession session)
    {
        using var value = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, input.Type, input.ShapeOf(Images), (nint)Data, input.Bytes * Images);
        return session.Run(options, [input.Name], [value], session.OutputNames);
    }

    public void Dispose()
    {
        options.Dispose();
        buffer.Dispose();
    }
}
