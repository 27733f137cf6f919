using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Tests.Inference.Execution;

/// <summary>A model file opened as the service opens it, without the service.</summary>
sealed class OpenedModel : IDisposable
{
    readonly string path = Path.GetTempFileName();

    public OpenedModel(byte[] onnx, ExecutionOptions? options = null, ModelSpec? spec = null, int workers = 1)
    {
        try
        {
            File.WriteAllBytes(path, onnx);
            Opened = LoaderOf(options ?? new ExecutionOptions()).Open(path, spec ?? new ModelSpec(), workers);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    public OpenedDetector Opened { get; }

    public static DetectorLoader LoaderOf(ExecutionOptions options) =>
        new(new ExecutionProvider(Options.Create(options), NullLogger<ExecutionProvider>.Instance), TimeProvider.System);

    /// <summary>What a fresh workbench finds on a picture.</summary>
    public Detection[] Detect(byte[] image)
    {
        using var bench = new Workbench(new ImageOptions(), TimeProvider.System);
        bench.Run(Opened.Detector, image, "picture", 0.01f);
        return bench.Select(0.05f, 0.7f, null, Opened.ClassNames);
    }

    public void Dispose()
    {
        Opened.Detector.Dispose();
        File.Delete(path);
    }
}
