using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace RetrainLoop.Inference.Execution;

/// <summary>What models run on, and why.</summary>
/// <param name="Provider">ONNX Runtime's name for it.</param>
/// <param name="Requested"><c>auto</c>, <c>cuda</c> or <c>cpu</c>.</param>
/// <param name="Runtime">Version of ONNX Runtime.</param>
public sealed record ProviderInfo(string Provider, string Requested, string Reason, string Device, string Runtime);

/// <summary>
/// Chooses between CUDA and the CPU once, when the service starts. The code is the same for both packages of ONNX Runtime: native CUDA libraries
/// that lie beside the binary are enough.
/// </summary>
public sealed partial class ExecutionProvider
{
    const string Cuda = "CUDAExecutionProvider", Cpu = "CPUExecutionProvider";

    public ExecutionProvider(IOptions<ExecutionOptions> options, ILogger<ExecutionProvider> logger)
    {
        Info = Choose(options.Value);
        LogChosen(logger, Info.Provider, Info.Requested, Info.Reason, Info.Runtime);
    }

    public ProviderInfo Info { get; }

    /// <summary>A CUDA session crashes when several threads call it at once; a CPU session is meant for it.</summary>
    public bool OneCallAtATime => Info.Provider == Cuda;

    public SessionOptions CreateSessionOptions()
    {
        var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (Info.Provider == Cuda) options.AppendExecutionProvider_CUDA();
        return options;
    }

    static ProviderInfo Choose(ExecutionOptions options)
    {
        var runtime = OrtEnv.Instance().GetVersionString();
        var requested = options.Provider.ToString().ToLowerInvariant();
        var cpu = new ProviderInfo(Cpu, requested, "The CPU was asked for.", $"{Environment.ProcessorCount} CPU cores", runtime);
        if (options.Provider == RequestedProvider.Cpu) return cpu;
        if (WhyNoCuda() is not { } obstacle) return new ProviderInfo(Cuda, requested, "CUDA is available.", "CUDA device 0", runtime);
        if (options.Provider == RequestedProvider.Cuda)
            throw new InvalidOperationException($"Execution:Provider is cuda, but {obstacle} Set it to auto to run on the CPU meanwhile.");
        return cpu with { Reason = $"CUDA was tried: {obstacle}" };
    }

    static string? WhyNoCuda()
    {
        if (!OrtEnv.Instance().GetAvailableProviders().Contains(Cuda))
            return "this ONNX Runtime is built for the CPU; build with -p:Accelerator=cuda or put its CUDA libraries beside the binary.";
        try
        {
            using var options = new SessionOptions();
            options.AppendExecutionProvider_CUDA();
            return null;
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            return $"its libraries or a device are missing ({exception.Message}).";
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Models run on {Provider} (requested {Requested}): {Reason} ONNX Runtime {Runtime}")]
    static partial void LogChosen(ILogger logger, string provider, string requested, string reason, string runtime);
}
