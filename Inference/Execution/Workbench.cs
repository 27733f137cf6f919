using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Models;
using RetrainLoop.Inference.Models.Heads;

namespace RetrainLoop.Inference.Execution;

/// <summary>
/// One worker's tools for an image: decode, letterbox, run, read the head. All memory is kept from image to image. The results last until the next
/// call of <see cref="Run"/>. Not thread-safe, but for <see cref="Interrupt"/>.
/// </summary>
/// <param name="worker">Its number, from 0: workers run models side by side.</param>
sealed unsafe class Workbench(ImageOptions images, TimeProvider time, int worker = 0) : IDisposable
{
    /// <summary>The usual cap of detections per image.</summary>
    public const int MostDetections = 300;

    const int KeptValues = 16 << 20;

    readonly ImageDecoder decoder = new(images);
    readonly LetterboxWriter writer = new();
    readonly LumaStatistics statistics = new();
    readonly NativeBuffer tensor = new(), packed = new();
    readonly Candidates candidates = new();
    readonly Suppression suppression = new();
    readonly RunOptions runOptions = new(), thriftyOptions = Thrifty();
    readonly int[] kept = new int[1000];
    CancellationTokenSource interruption = new();
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
    /// <exception cref="ModelOutputException">What the model answered cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The wait for a place in a batch, or for its run, was interrupted.</exception>
    public void Run(Detector model, ReadOnlySpan<byte> file, string name, float floor)
    {
        detector = model;
        if (model.Batcher is { } batcher) RunInBatch(model, batcher, file, name, floor);
        else RunAlone(model, file, name, floor);
    }

    void RunAlone(Detector model, ReadOnlySpan<byte> file, string name, float floor)
    {
        var pixels = Prepare(model, file, name);
        var started = time.GetTimestamp();
        void* input = pixels;
        if (model.Input.Type != TensorElementType.Float)
            TensorPacking.Pack(pixels, model.Input, input = packed.Reserve((nuint)model.Input.Bytes));
        using var outputs = model.Run(worker, input, model.GivesMemoryBack ? thriftyOptions : runOptions);
        InferenceMs = time.GetElapsedTime(started).TotalMilliseconds;
        Read(model, OutputView.Of(outputs[0]), model.HasEmbedding ? OutputView.Of(outputs[1]) : default, floor);
    }

    void RunInBatch(Detector model, Batcher batcher, ReadOnlySpan<byte> file, string name, float floor)
    {
        batcher.Announce();
        float* pixels;
        try
        {
            pixels = Prepare(model, file, name);
        }
        catch
        {
            batcher.Withdraw();
            throw;
        }
        var started = time.GetTimestamp();
        using var place = batcher.Take(interruption.Token);
        var batch = (SessionBatch)place.Batch;
        TensorPacking.Pack(pixels, model.Input, batch.AddressOf(place.Index));
        place.Fill();
        place.Wait(interruption.Token);
        InferenceMs = time.GetElapsedTime(started).TotalMilliseconds;
        Read(model, batch.Output(0, place.Index), model.HasEmbedding ? batch.Output(1, place.Index) : default, floor);
    }

    /// <summary>Decodes into this worker's tensor: three planes of floats, whatever the network takes.</summary>
    float* Prepare(Detector model, ReadOnlySpan<byte> file, string name)
    {
        var started = time.GetTimestamp();
        var pixels = decoder.Decode(file, name, model.Input.Width, model.Input.Height);
        Letterbox = Letterbox.Fit(pixels.ImageWidth, pixels.ImageHeight, model.Input.Width, model.Input.Height, model.Head.Letterbox);
        var data = (float*)tensor.Reserve((nuint)model.Input.Values * sizeof(float));
        writer.Write(pixels, Letterbox, model.Encoding, data);
        DecodeMs = time.GetElapsedTime(started).TotalMilliseconds;
        return data;
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
        statistics.Measure((float*)tensor.Reserve((nuint)detector!.Input.Values * sizeof(float)), Letterbox, detector.Encoding);

    /// <summary>Makes a run that is under way fail soon; cleared by <see cref="Resume"/>.</summary>
    public void Interrupt()
    {
        runOptions.Terminate = thriftyOptions.Terminate = true;
        interruption.Cancel();
    }

    public void Resume()
    {
        if (!interruption.IsCancellationRequested) return;
        runOptions.Terminate = thriftyOptions.Terminate = false;
        interruption.Dispose();
        interruption = new CancellationTokenSource();
    }

    /// <summary>Gives back what a huge input took; the results of the last run are gone.</summary>
    public void Trim()
    {
        tensor.Trim();
        packed.Trim();
        if (converted.Length > KeptValues) converted = [];
        if (scratch.Length > KeptValues) scratch = [];
    }

    internal long HeldBytes => (long)(tensor.Length + packed.Length) + sizeof(float) * ((long)converted.Length + scratch.Length);

    public void Dispose()
    {
        decoder.Dispose();
        tensor.Dispose();
        packed.Dispose();
        runOptions.Dispose();
        thriftyOptions.Dispose();
        interruption.Dispose();
    }

    static RunOptions Thrifty()
    {
        var options = new RunOptions();
        options.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        return options;
    }

    void Read(Detector model, OutputView boxes, OutputView features, float floor)
    {
        candidates.Clear();
        var values = boxes.Read(ref converted);
        var count = model.Head.BoxesIn(values.Length);
        if (scratch.Length < count) scratch = new float[count];
        model.Head.Decode(values, floor, scratch, candidates);
        if (candidates.IsBroken) throw new ModelOutputException();
        var feature = model.HasEmbedding ? features.Read(ref converted) : [];
        if (embedding.Length < feature.Length) embedding = new float[feature.Length];
        feature.CopyTo(embedding);
        embeddingLength = feature.Length;
    }
}
