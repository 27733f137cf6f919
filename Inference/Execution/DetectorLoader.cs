using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Models;
using RetrainLoop.Inference.Models.Heads;

namespace RetrainLoop.Inference.Execution;

/// <summary>A detector that answered a warm-up frame, and what was learned of it on the way.</summary>
/// <param name="ImageSize">The longer side of the input in pixels.</param>
/// <param name="Stride">Pixels of the coarsest grid cell; 0 when the metadata do not say.</param>
/// <param name="WarmUpMs">Latency of the second warm-up frame; the first one pays for allocation.</param>
sealed record OpenedDetector(Detector Detector, IReadOnlyList<string> ClassNames, int ImageSize, int Stride, double WarmUpMs);

/// <summary>Opens ONNX files: finds input, head and class names, and runs warm-up frames, so that what is served has worked before.</summary>
sealed class DetectorLoader(ExecutionProvider provider, TimeProvider time)
{
    const string EmbeddingOutput = "embedding";

    /// <param name="spec">What the uploader said; it wins over the metadata.</param>
    /// <exception cref="UnservableModelException">It is no detector that can be served.</exception>
    public OpenedDetector Open(string path, ModelSpec spec)
    {
        var session = OpenSession(path);
        try
        {
            return Open(session, spec);
        }
        catch (OnnxRuntimeException exception)
        {
            session.Dispose();
            throw new UnservableModelException($"The model failed on a warm-up frame: {exception.Message}");
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    InferenceSession OpenSession(string path)
    {
        using var options = provider.CreateSessionOptions();
        try
        {
            return new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new UnservableModelException($"This is no ONNX model that ONNX Runtime {provider.Info.Runtime} can load: {exception.Message}");
        }
    }

    OpenedDetector Open(InferenceSession session, ModelSpec spec)
    {
        var metadata = ModelMetadataReader.Read(session.ModelMetadata.CustomMetadataMap);
        if (metadata.Task is { } task && task != "detect" && spec.Head is null)
            throw new UnservableModelException($"The model's metadata say that its task is '{task}'; only detectors are served.");
        var names = spec.ClassNames ?? metadata.ClassNames;
        var input = DetectorInput.Of(session, spec.ImageSize ?? metadata.ImageSize);
        var (head, boxes, embedding) = FindHead(session, input, names, spec.Head);
        var detector = new Detector(session, provider.OneCallAtATime, input, head, boxes, embedding);
        using var frame = new GrayFrame(input, head.Encoding);
        var started = time.GetTimestamp();
        frame.Run(detector);
        return new OpenedDetector(detector, names ?? [.. Enumerable.Range(0, head.Classes).Select(index => $"class {index}")],
            Math.Max(input.Width, input.Height), metadata.Stride ?? 0, time.GetElapsedTime(started).TotalMilliseconds);
    }

    static (Head Head, string Boxes, string? Embedding) FindHead(
        InferenceSession session, DetectorInput input, IReadOnlyList<string>? names, DetectorHead? wanted)
    {
        using var frame = new GrayFrame(input, PixelEncoding.RgbUnit);
        using var outputs = frame.Run(session);
        var shapes = session.OutputNames.Zip(outputs, (name, value) => (Name: name, value.GetTensorTypeAndShape().Shape, Value: value)).ToList();
        foreach (var (name, shape, value) in shapes)
        {
            if (shape is not [1, var rows, var columns] || !IsFloat(value)) continue;
            var evidence = new HeadEvidence((int)rows, (int)columns, input.Width, input.Height, names?.Count, wanted,
                row => LargestCenter(value, row));
            if (HeadDetection.Find(evidence) is { } head) return (head, name, FindEmbedding(shapes.Select(output => (output.Name, output.Shape))));
        }
        var found = string.Join(", ", shapes.Select(output => $"'{output.Name}' {Shapes.Describe(output.Shape)}"));
        var classes = names is null ? "no class names" : $"{names.Count} class names";
        throw new UnservableModelException(
            $"No output is a detector's that can be decoded: found {found} for an input of {input.Width} x {input.Height} pixels and {classes}. "
            + HeadDetection.Supported
            + " If it is one of these, name its head and classes in 'spec'.");
    }

    static bool IsFloat(OrtValue value) => value.GetTensorTypeAndShape().ElementDataType is TensorElementType.Float or TensorElementType.Float16;

    static string? FindEmbedding(IEnumerable<(string Name, long[] Shape)> outputs) =>
        outputs.FirstOrDefault(output => output.Name == EmbeddingOutput && output.Shape is [1, _]).Name;

    static float LargestCenter(OrtValue value, int row)
    {
        if (value.GetTensorTypeAndShape().ElementDataType != TensorElementType.Float) return float.MaxValue;
        var output = value.GetTensorDataAsSpan<float>();
        var largest = 0f;
        for (var at = 0; at + 1 < output.Length; at += row) largest = Math.Max(largest, Math.Max(output[at], output[at + 1]));
        return largest;
    }

    /// <summary>A frame of nothing but padding.</summary>
    sealed unsafe class GrayFrame : IDisposable
    {
        readonly DetectorInput input;
        readonly NativeBuffer buffer = new();
        readonly RunOptions options = new();

        public GrayFrame(DetectorInput input, PixelEncoding encoding)
        {
            this.input = input;
            var data = buffer.Reserve((nuint)input.Bytes);
            var value = LetterboxWriter.Padding * encoding.Scale;
            if (input.IsHalf) new Span<Half>(data, input.Values).Fill((Half)value);
            else new Span<float>(data, input.Values).Fill(value);
        }

        void* Data => buffer.Reserve((nuint)input.Bytes);

        public void Run(Detector detector) => detector.Run(Data, options).Dispose();

        public IDisposableReadOnlyCollection<OrtValue> Run(InferenceSession session)
        {
            using var value = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, input.Type, [1, 3, input.Height, input.Width], (nint)Data, input.Bytes);
            return session.Run(options, [input.Name], [value], session.OutputNames);
        }

        public void Dispose()
        {
            options.Dispose();
            buffer.Dispose();
        }
    }
}
