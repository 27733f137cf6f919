using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using RetrainLoop.Inference.Models.Graphs;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace RetrainLoop.Inference.Execution;

/// <summary>
/// Chooses between CUDA and the CPU once, when the service starts. The code is the same for both packages of ONNX Runtime: native CUDA libraries
/// that lie beside the binary are enough.
/// </summary>
public sealed partial class ExecutionProvider
{
    const string Cuda = "CUDAExecutionProvider", Cpu = "CPUExecutionProvider";
    const int CudaBatch = 16, LargestBatch = 256;
    readonly ExecutionOptions options;
    readonly ILogger logger;

    public ExecutionProvider(IOptions<ExecutionOptions> options, ILogger<ExecutionProvider> logger)
    {
        (this.options, this.logger) = (options.Value, logger);
        Info = Choose(options.Value);
        LogChosen(logger, Info.Provider, Info.Requested, Info.Reason, Info.Runtime);
    }

    public ProviderInfo Info { get; }

    /// <summary>Threads that decode images and wait for or run models.</summary>
    public int Workers => Info.Workers;

    bool IsCuda => Info.Provider == Cuda;

    /// <summary>How images share runs, or null when each runs alone on its caller's thread. A CUDA session crashes when several threads call it at
    /// once, so there even single images go through one thread.</summary>
    internal BatchRules? RulesFor(DetectorInput input, ModelBatching? own)
    {
        var delay = own?.MaxDelayMs is { } milliseconds ? TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, 1000)) : options.MaxBatchDelay;
        if (input.FixedBatch > 1) return new BatchRules(input.FixedBatch.Value, delay, Fixed: true);
        var most = input.FixedBatch ?? (Info.MaxBatch > 1 ? Math.Clamp(own?.MaxBatch ?? Info.MaxBatch, 1, MostOf(input)) : 1);
        return IsCuda || most > 1 ? new BatchRules(most, delay) : null;
    }

    /// <summary>Sessions of a model whose images run each on its worker's thread: one for each worker, for a large model as many as fit.</summary>
    internal int SessionsFor(string file, int workers)
    {
        var fit = options.SessionMegabytes * 1_000_000L / Math.Max(1, new FileInfo(file).Length);
        return (int)Math.Clamp(fit, 1, workers);
    }

    static int MostOf(DetectorInput input) => Math.Clamp(DetectorInput.MostValues / input.Values, 1, LargestBatch);

    internal bool FeedsBytes(DetectorInput input) => Info.ByteInput && !input.IsByte;

    /// <param name="sharedRuns">One thread runs batches and may use all cores; else many threads run an image each on one core.</param>
    public SessionOptions CreateSessionOptions(bool sharedRuns)
    {
        var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = sharedRuns && !IsCuda ? Environment.ProcessorCount : 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (IsCuda) session.AppendExecutionProvider_CUDA();
        return session;
    }

    /// <summary>Memory in which batches are put together: page-locked on CUDA, so that the device copies it directly, where it can be had.</summary>
    public OrtMemoryInfo BatchMemory(InferenceSession session)
    {
        if (!IsCuda) return OrtMemoryInfo.DefaultInstance;
        var pageLocked = new OrtMemoryInfo("CudaPinned", OrtAllocatorType.DeviceAllocator, 0, OrtMemType.CpuOutput);
        try
        {
            using var allocator = new OrtAllocator(session, pageLocked);
            return pageLocked;
        }
        catch (OnnxRuntimeException exception)
        {
            LogNotPageLocked(logger, exception.Message);
            pageLocked.Dispose();
            return OrtMemoryInfo.DefaultInstance;
        }
    }

    static ProviderInfo Choose(ExecutionOptions options)
    {
        var requested = options.Provider.ToString().ToLowerInvariant();
        if (options.Provider == RequestedProvider.Cpu) return Describe(Cpu, "The CPU was asked for.");
        if (WhyNoCuda() is not { } obstacle) return Describe(Cuda, "CUDA is available.");
        if (options.Provider == RequestedProvider.Cuda)
            throw new InvalidOperationException($"Execution:Provider is cuda, but {obstacle} Set it to auto to run on the CPU meanwhile.");
        return Describe(Cpu, $"CUDA was tried: {obstacle}") with { CudaFailed = HasCudaLibraries };

        ProviderInfo Describe(string provider, string reason)
        {
            int cores = Environment.ProcessorCount, most = options.MaxBatch ?? (provider == Cuda ? CudaBatch : 1);
            return new ProviderInfo(
                provider, requested, reason, provider == Cuda ? GraphicsDevice.Name() ?? "CUDA device 0" : $"{cores} CPU cores",
                OrtEnv.Instance().GetVersionString(), RuntimeInformation.FrameworkDescription, provider == Cuda ? GraphicsDevice.Driver() : null,
                options.Workers ?? (most > 1 ? cores + 2 * most : cores), most, options.MaxBatchDelayMs,
                options.ByteInput == ByteInput.Always || options.ByteInput == ByteInput.Auto && provider == Cuda);
        }
    }

    static bool HasCudaLibraries => OrtEnv.Instance().GetAvailableProviders().Contains(Cuda);

    static string? WhyNoCuda()
    {
        if (!HasCudaLibraries)
            return "this ONNX Runtime is built for the CPU; build with -p:Accelerator=cuda or put its CUDA libraries beside the binary.";
        try
        {
            using var options = new SessionOptions();
            options.AppendExecutionProvider_CUDA();
            Probe(options);
            return null;
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            return $"its libraries or a device are missing ({exception.Message}).";
        }
    }

    /// <summary>Runs a network of one node: a provider whose device is missing or too old fails only then.</summary>
    /// <exception cref="OnnxRuntimeException">It does not run.</exception>
    internal static void Probe(SessionOptions options)
    {
        using var session = new InferenceSession(ProbeGraph.Create(), options);
        using var input = OrtValue.CreateTensorValueFromMemory(new float[1], [1]);
        using var run = new RunOptions();
        session.Run(run, [ProbeGraph.Input], [input], [ProbeGraph.Output]).Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Models run on {Provider} (requested {Requested}): {Reason} ONNX Runtime {Runtime}")]
    static partial void LogChosen(ILogger logger, string provider, string requested, string reason, string runtime);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Batches are put together in ordinary memory: {Reason}")]
    static partial void LogNotPageLocked(ILogger logger, string reason);
}
