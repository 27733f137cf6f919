using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Models;

namespace RetrainLoop.Inference.Execution;

/// <summary>A frame of nothing but padding, as often as the network wants it: for warming up and for seeing what it answers.</summary>
sealed unsafe class GrayFrame : IDisposable
{
    /// <summary>A network that has not answered by then never does.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
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
    /// <exception cref="UnservableModelException">It did not answer in time.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(InferenceSession session, TimeSpan? limit = null)
    {
        using var patience = new CancellationTokenSource(limit ?? Limit);
        using var end = patience.Token.Register(() => options.Terminate = true);
        using var value = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, input.Type, input.ShapeOf(Images), (nint)Data, input.Bytes * Images);
        try
        {
            return session.Run(options, [input.Name], [value], session.OutputNames);
        }
        catch (OnnxRuntimeException) when (patience.IsCancellationRequested)
        {
            throw new UnservableModelException($"The model did not answer a warm-up frame within {(limit ?? Limit).TotalSeconds:0.#} s.");
        }
    }

    public void Dispose()
    {
        options.Dispose();
        buffer.Dispose();
    }
}
