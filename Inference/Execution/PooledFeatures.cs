using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Models;
using RetrainLoop.Inference.Models.Graphs;

namespace RetrainLoop.Inference.Execution;

/// <summary>Where a model's embeddings come from.</summary>
/// <param name="FeatureMap">Set when a tensor of the graph is pooled for it.</param>
/// <param name="Source">A sentence for people.</param>
sealed record FoundFeatures(bool HasEmbedding, string? FeatureMap, string Source);

/// <summary>
/// Embeddings of models that were exported without one: the mean of the last feature map before the head. That is the tensor [batch, channels,
/// height, width] of the coarsest grid with the most channels, the last of the graph where several are equal, leaving out the head's own last
/// convolutions. It is looked for once, at registration.
/// </summary>
static class PooledFeatures
{
    const int TensorsAtOnce = 24, MostTensors = 288, FewestChannels = 8;
    const long LargestFile = 500_000_000;

    public static OpenedDetector Open(DetectorLoader loader, string file, ModelSpec spec, string? featureMap, int workers = 1)
    {
        if (featureMap is null) return loader.Open(file, spec, workers);
        var derived = Path.Combine(Path.GetTempPath(), $"retrainloop-{Guid.NewGuid():N}.onnx");
        try
        {
            File.WriteAllBytes(derived, FeatureMapGraph.WithPooled(File.ReadAllBytes(file), featureMap));
            return loader.Open(derived, spec, workers);
        }
        finally
        {
            File.Delete(derived);
        }
    }

    /// <param name="opened">What the model is without it.</param>
    public static FoundFeatures Find(DetectorLoader loader, string file, ModelSpec spec, OpenedDetector opened)
    {
        if (opened.Detector.HasEmbedding) return new FoundFeatures(true, null, "The model's own output 'embedding'.");
        if (new FileInfo(file).Length > LargestFile) return None("the file is too large to look into");
        try
        {
            if (FindMap(File.ReadAllBytes(file), opened.ImageSize) is not var (map, shape)) return None("no feature map was found before the head");
            Open(loader, file, spec, map).Detector.Dispose(); // it runs
            return new FoundFeatures(true, map, $"The mean of the feature map '{map}' {Shapes.Describe(shape)}, the last before the head.");
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or UnservableModelException or Google.Protobuf.InvalidProtocolBufferException
            or ArgumentException)
        {
            return None($"its graph cannot be extended ({exception.Message.Split('\n')[0]})");
        }
    }

    static (string Name, long[] Shape)? FindMap(byte[] onnx, int imageSize)
    {
        (string Name, long[] Shape)? best = null;
        foreach (var tensors in FeatureMapGraph.Candidates(onnx).Take(MostTensors).Chunk(TensorsAtOnce))
        {
            using var options = OneThread();
            using var session = new InferenceSession(FeatureMapGraph.WithOutputs(onnx, tensors), options);
            using var frame = new GrayFrame(DetectorInput.Of(session, imageSize), PixelEncoding.RgbUnit.Scale);
            using var values = frame.Run(session);
            foreach (var (name, value) in session.OutputNames.Zip(values))
            {
                var info = value.GetTensorTypeAndShape();
                if (info.ElementDataType is TensorElementType.Float or TensorElementType.Float16 && IsBetter(info.Shape, best?.Shape))
                    best = (name, info.Shape);
            }
        }
        return best;
    }

    // Beside a service that answers: its cores are not for this.
    static Microsoft.ML.OnnxRuntime.SessionOptions OneThread()
    {
        var options = new Microsoft.ML.OnnxRuntime.SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL, IntraOpNumThreads = 1, InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    static bool IsBetter(long[] shape, long[]? than) =>
        shape is [_, >= FewestChannels, var height, var width] && height * width > 1
        && (than is null || height * width < than[2] * than[3] || height * width == than[2] * than[3] && shape[1] > than[1]);

    static FoundFeatures None(string why) => new(false, null, $"There are no embeddings: the model has no output 'embedding', and {why}.");
}
