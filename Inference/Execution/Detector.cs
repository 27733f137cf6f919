using Microsoft.ML.OnnxRuntime;
using RetrainLoop.Inference.Models;
using RetrainLoop.Inference.Models.Heads;

namespace RetrainLoop.Inference.Execution;

/// <summary>A detector in memory: one ONNX Runtime session with all that is needed to feed it and to read it. Any number of threads may run
/// it.</summary>
sealed unsafe class Detector : IDisposable
{
    readonly InferenceSession session;
    readonly Lock? oneCall;
    readonly string[] inputNames, outputNames;
    readonly long[] inputShape;

    internal Detector(InferenceSession session, bool oneCallAtATime, DetectorInput input, Head head, string boxes, string? embedding)
    {
        this.session = session;
        oneCall = oneCallAtATime ? new Lock() : null;
        Input = input;
        Head = head;
        HasEmbedding = embedding is not null;
        inputNames = [input.Name];
        outputNames = embedding is null ? [boxes] : [boxes, embedding];
        inputShape = [1, 3, input.Height, input.Width];
    }

    public DetectorInput Input { get; }
    public Head Head { get; }
    public bool HasEmbedding { get; }

    /// <summary>Runs one image; the caller disposes the outputs: boxes, then the embedding where the model has one.</summary>
    /// <param name="tensor">3 * Height * Width values of the input's type.</param>
    public IDisposableReadOnlyCollection<OrtValue> Run(void* tensor, RunOptions options)
    {
        using var input = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, Input.Type, inputShape, (nint)tensor, Input.Bytes);
        OrtValue[] inputs = [input];
        if (oneCall is null) return session.Run(options, inputNames, inputs, outputNames);
        lock (oneCall) return session.Run(options, inputNames, inputs, outputNames);
    }

    public void Dispose() => session.Dispose();
}
