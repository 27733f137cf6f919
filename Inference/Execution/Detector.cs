using Microsoft.ML.OnnxRuntime;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Models.Heads;

namespace RetrainLoop.Inference.Execution;

/// <summary>
/// A detector in memory: ONNX Runtime sessions of one model with all that is needed to feed them and to read them. Any number of threads may use it:
/// on the CPU each runs its own image, with a batcher they fill batches together.
/// </summary>
sealed unsafe class Detector : IDisposable
{
    readonly IReadOnlyList<InferenceSession> sessions;
    readonly string[] inputNames, outputNames;
    readonly long[] inputShape;

    /// <param name="sessions">One, or one for each worker: threads that share a session hand its memory to and fro between their cores.</param>
    internal Detector(IReadOnlyList<InferenceSession> sessions, DetectorInput input, Head head, string[] outputNames, Batcher? batcher)
    {
        (this.sessions, this.outputNames, Input, Head, Batcher) = (sessions, outputNames, input, head, batcher);
        inputNames = [input.Name];
        inputShape = input.ShapeOf(1);
        Encoding = EncodingOf(head, input);
    }

    public DetectorInput Input { get; }
    public Head Head { get; }
    public PixelEncoding Encoding { get; }
    public bool HasEmbedding => outputNames.Length > 1;

    internal int Sessions => sessions.Count;

    /// <summary>What a run took beyond the usual goes back to the system after it: for sizes that are seldom asked for.</summary>
    public bool GivesMemoryBack { get; set; }

    /// <summary>Set when images share runs; then <see cref="Run"/> is not called.</summary>
    public Batcher? Batcher { get; }

    /// <summary>What the family expects; a network that takes bytes scales them by itself.</summary>
    public static PixelEncoding EncodingOf(Head head, DetectorInput input) => input.IsByte ? head.Encoding with { Scale = 1f } : head.Encoding;

    /// <summary>Runs one image; the caller disposes the outputs: boxes, then the embedding where the model has one.</summary>
    /// <param name="worker">Number of the calling worker, from 0.</param>
    /// <param name="tensor">The input's bytes of one image.</param>
    public IDisposableReadOnlyCollection<OrtValue> Run(int worker, void* tensor, RunOptions options)
    {
        using var input = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, Input.Type, inputShape, (nint)tensor, Input.Bytes);
        return sessions[worker % sessions.Count].Run(options, inputNames, [input], outputNames);
    }

    public void Dispose()
    {
        Batcher?.Dispose();
        foreach (var session in sessions) session.Dispose();
    }
}
