using Microsoft.ML.OnnxRuntime;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Models.Heads;

namespace RetrainLoop.Inference.Execution;

/// <summary>
/// A detector in memory: one ONNX Runtime session with all that is needed to feed it and to read it. Any number of threads may use it: on the CPU
/// each runs its own image, with a batcher they fill batches together.
/// </summary>
sealed unsafe class Detector : IDisposable
{
    readonly InferenceSession session;
    readonly string[] inputNames, outputNames;
    readonly long[] inputShape;

    internal Detector(InferenceSession session, DetectorInput input, Head head, string[] outputNames, Batcher? batcher)
    {
        (this.session, this.outputNames, Input, Head, Batcher) = (session, outputNames, input, head, batcher);
        inputNames = [input.Name];
        inputShape = input.ShapeOf(1);
        Encoding = EncodingOf(head, input);
    }

    public DetectorInput Input { get; }
    public Head Head { get; }
    public PixelEncoding Encoding { get; }
    public bool HasEmbedding => outputNames.Length > 1;

    /// <summary>Set when images share runs; then <see cref="Run"/> is not called.</summary>
    public Batcher? Batcher { get; }

    /// <summary>What the family expects; a network that takes bytes scales them by itself.</summary>
    public static PixelEncoding EncodingOf(Head head, DetectorInput input) => input.IsByte ? head.Encoding with { Scale = 1f } : head.Encoding;

    /// <summary>Runs one image; the caller disposes the outputs: boxes, then the embedding where the model has one.</summary>
    /// <param name="tensor">The input's bytes of one image.</param>
    public IDisposableReadOnlyCollection<OrtValue> Run(void* tensor, RunOptions options)
    {
        using var input = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, Input.Type, inputShape, (nint)tensor, Input.Bytes);
        return session.Run(options, inputNames, [input], outputNames);
    }

    public void Dispose()
    {
        Batcher?.Dispose();
        session.Dispose();
    }
}
