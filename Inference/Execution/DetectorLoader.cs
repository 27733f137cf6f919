using Microsoft.ML.OnnxRuntime;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Models;
using RetrainLoop.Inference.Models.Graphs;

namespace RetrainLoop.Inference.Execution;

/// <summary>A detector that answered a warm-up frame, and what was learned of it on the way.</summary>
/// <param name="ImageSize">The longer side of the input in pixels.</param>
/// <param name="Stride">Pixels of the coarsest grid cell; 0 when the metadata do not say.</param>
/// <param name="WarmUpMs">Latency of the second warm-up frame; the first one pays for allocation.</param>
sealed record OpenedDetector(Detector Detector, IReadOnlyList<string> ClassNames, int ImageSize, int Stride, double WarmUpMs);

/// <summary>Opens ONNX files: finds input, head and class names, and runs warm-up frames, so that what is served has worked before.</summary>
sealed class DetectorLoader(ExecutionProvider provider, TimeProvider time)
{
    // One fills while one runs and one is read.
    const int BatchesAtOnce = 3;

    /// <param name="spec">What the uploader said; it wins over the metadata.</param>
    /// <param name="workers">Threads that will run it at once; where they do so each by itself, each gets a session as far as memory allows.</param>
    /// <exception cref="UnservableModelException">It is no detector that can be served.</exception>
    public OpenedDetector Open(string path, ModelSpec spec, int workers = 1)
    {
        var sessions = new List<InferenceSession> { OpenSession(path, sharedRuns: false) };
        try
        {
            return Open(sessions, path, spec, workers);
        }
        catch (Exception exception)
        {
            sessions.ForEach(session => session.Dispose());
            // ONNX Runtime's wrapper refuses what a model asks for, such as negative sides, with exceptions about arguments.
            if (exception is OnnxRuntimeException or ArgumentException) throw new UnservableModelException($"The model failed on a warm-up frame: {exception.Message}");
            throw;
        }
    }

    InferenceSession OpenSession(string path, bool sharedRuns)
    {
        using var options = provider.CreateSessionOptions(sharedRuns);
        try
        {
            return new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new UnservableModelException($"This is no ONNX model that ONNX Runtime {provider.Info.Runtime} can load: {exception.Message}");
        }
    }

    OpenedDetector Open(List<InferenceSession> sessions, string path, ModelSpec spec, int workers)
    {
        var session = sessions[0];
        var metadata = ModelMetadataReader.Read(session.ModelMetadata.CustomMetadataMap);
        if (metadata.Task is { } task && task != "detect" && spec.Head is null)
            throw new UnservableModelException($"The model's metadata say that its task is '{task}'; only detectors are served.");
        var names = spec.ClassNames ?? metadata.ClassNames;
        var input = DetectorInput.Of(session, spec.ImageSize ?? metadata.ImageSize);
        var (head, outputs) = HeadSearch.Find(session, input, names, spec.Head);
        var rules = provider.RulesFor(input, spec.Batching);
        Func<InferenceSession> open = () => OpenSession(path, sharedRuns: rules is not null);
        if (provider.FeedsBytes(input))
        {
            var (levels, encoding) = (input, head.Encoding);
            open = () => OpenWithBytes(path, levels, encoding, rules is not null);
            sessions[0] = Replace(session, open());
            input = DetectorInput.Of(sessions[0], Math.Max(input.Width, input.Height));
        }
        else if (rules is not null) sessions[0] = Replace(session, open());
        var batcher = rules is null ? null : StartBatcher(sessions[0], input, outputs, rules.Value);
        if (batcher is null) while (sessions.Count < provider.SessionsFor(path, workers)) sessions.Add(open());
        var detector = new Detector(sessions, input, head, outputs, batcher);
        using var frame = new GrayFrame(input, detector.Encoding.Scale);
        if (batcher is null) sessions.ForEach(each => frame.Run(each).Dispose());
        var started = time.GetTimestamp();
        frame.Run(sessions[0]).Dispose();
        return new OpenedDetector(detector, names ?? [.. Enumerable.Range(0, head.Classes).Select(index => $"class {index}")],
            Math.Max(input.Width, input.Height), metadata.Stride ?? 0, time.GetElapsedTime(started).TotalMilliseconds);
    }

    InferenceSession OpenWithBytes(string path, DetectorInput input, PixelEncoding encoding, bool sharedRuns)
    {
        using var options = provider.CreateSessionOptions(sharedRuns);
        return new InferenceSession(ByteInputGraph.Wrap(File.ReadAllBytes(path), input.Name, encoding.Scale), options);
    }

    Batcher StartBatcher(InferenceSession session, DetectorInput input, string[] outputs, BatchRules rules)
    {
        while (true)
        {
            var batches = new List<SessionBatch>();
            try
            {
                for (var i = 0; i < BatchesAtOnce; i++)
                {
                    batches.Add(new SessionBatch(session, input, outputs, rules.MaxBatch, provider.BatchMemory(session)));
                    foreach (var size in rules.Sizes) batches[i].WarmUp(size);
                }
                return new Batcher(rules, batches, time, $"batches of {rules.MaxBatch}");
            }
            catch (Exception exception) when (exception is OnnxRuntimeException or NotSupportedException)
            {
                foreach (var batch in batches) batch.Dispose();
                if (rules.Fixed || rules.MaxBatch == 1)
                    throw new UnservableModelException($"The model failed on {rules.MaxBatch} warm-up frames: {exception.Message}");
                rules = rules with { MaxBatch = 1 }; // its first dimension is dynamic by name only
            }
        }
    }

    static InferenceSession Replace(InferenceSession session, InferenceSession with)
    {
        session.Dispose();
        return with;
    }
}
