using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Models.Heads;

namespace RetrainLoop.Inference.Execution;

/// <summary>
/// One worker's tools for an image: decode, letterbox, run, read the head. All memory is kept from image to image. The results last until the next
/// call of <see cref="Run"/>. Not thread-safe, but for <see cref="Interrupt"/>.
/// </summary>
sealed unsafe class Workbench(ImageOptions images, TimeProvider time) : IDisposable
{
    /// <summary>The usual cap of detections per image.</summary>
    public const int MostDetections = 300;

    readonly ImageDecoder decoder = new(images);
    readonly LetterboxWriter writer = new();
    readonly LumaStatistics statistics = new();
    readonly NativeBuffer tensor = new(), half = new();
    readonly Candidates candidates = new();
    readonly Suppression suppression = new();
    readonly RunOptions runOptions = new();
    readonly int[] kept = new int[1000];
    float[] scratch = [], converted = [], embedding = [];
    int embeddingLength;
    Detector? detector;

    public Letterbox Letterbox { get; private set; }
    public double DecodeMs { get; private set; }
    public double InferenceMs { get; private set; }

    /// <summary>The pooled feature vector of the last image; empty when the model has none.</summary>
    public ReadOnlySpan<float> Embedding => embedding.AsSpan(0, embeddingLength);

    /// <param name="name">How to call the file in a refusal.</param>
    /// <param name="floor">Boxes at or below this confidence are not looked at.</param>
    /// <exception cref="BadImageException">The file cannot be read.</exception>
    /// <exception cref="OnnxRuntimeException">The model failed or was interrupted.</exception>
    public void Run(Detector model, ReadOnlySpan<byte> file, string name, float floor)
    {
        detector = model;
        var started = time.GetTimestamp();
        var pixels = decoder.Decode(file, name, model.Input.Width, model.Input.Height);
        Letterbox = Letterbox.Fit(pixels.ImageWidth, pixels.ImageHeight, model.Input.Width, model.Input.Height, model.Head.Letterbox);
        var data = (float*)tensor.Reserve((nuint)model.Input.Values * sizeof(float));
        writer.Write(pixels, Letterbox, model.Head.Encoding, data);
        DecodeMs = time.GetElapsedTime(started).TotalMilliseconds;
        started = time.GetTimestamp();
        using var outputs = model.Run(model.Input.IsHalf ? ToHalf(data, model.Input) : data, runOptions);
        InferenceMs = time.GetElapsedTime(started).TotalMilliseconds;
        ReadHead(model.Head, outputs[0], floor);
        KeepEmbedding(model.HasEmbedding ? ReadFloats(outputs[1], ref converted) : []);
    }

    /// <summary>The detections of the last image that score above a confidence, after suppression, best first.</summary>
    /// <param name="classes">Only these; null = all.</param>
    public Detection[] Select(float above, float iou, IReadOnlySet<int>? classes, IReadOnlyList<string> names, int most = MostDetections)
    {
        var count = suppression.Run(candidates, above, classes, detector!.Head.NeedsSuppression ? iou : 1f,
            kept.AsSpan(0, Math.Min(most, kept.Length)));
        if (count == 0) return [];
        var detections = new Detection[count];
        for (var i = 0; i < count; i++)
        {
            var box = kept[i];
            var place = Letterbox.ToImage(candidates.Left[box], candidates.Top[box], candidates.Right[box], candidates.Bottom[box]);
            detections[i] = new Detection(candidates.Class[box], names[candidates.Class[box]], candidates.Score[box], place.X, place.Y, place.Width,
                place.Height);
        }
        return detections;
    }

    public ImageStatistics Statistics() =>
        statistics.Measure((float*)tensor.Reserve((nuint)detector!.Input.Values * sizeof(float)), Letterbox, detector.Head.Encoding);

    /// <summary>Makes a run that is under way fail soon; cleared by <see cref="Resume"/>.</summary>
    public void Interrupt() => runOptions.Terminate = true;

    public void Resume() => runOptions.Terminate = false;

    public void Dispose()
    {
        decoder.Dispose();
        tensor.Dispose();
        half.Dispose();
        runOptions.Dispose();
    }

    void ReadHead(Head head, OrtValue output, float floor)
    {
        candidates.Clear();
        var values = ReadFloats(output, ref converted);
        var boxes = head.BoxesIn(values.Length);
        if (scratch.Length < boxes) scratch = new float[boxes];
        head.Decode(values, floor, scratch, candidates);
    }

    void KeepEmbedding(ReadOnlySpan<float> values)
    {
        if (embedding.Length < values.Length) embedding = new float[values.Length];
        values.CopyTo(embedding);
        embeddingLength = values.Length;
    }

    void* ToHalf(float* data, DetectorInput input)
    {
        var target = half.Reserve((nuint)input.Bytes);
        TensorPrimitives.ConvertToHalf(new ReadOnlySpan<float>(data, input.Values), new Span<Half>(target, input.Values));
        return target;
    }

    static ReadOnlySpan<float> ReadFloats(OrtValue value, ref float[] converted)
    {
        if (value.GetTensorTypeAndShape().ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float)
            return value.GetTensorDataAsSpan<float>();
        var halves = value.GetTensorDataAsSpan<Half>();
        if (converted.Length < halves.Length) converted = new float[halves.Length];
        TensorPrimitives.ConvertToSingle(halves, converted);
        return converted.AsSpan(0, halves.Length);
    }
}
