namespace RetrainLoop.Web.Pages.Overview;

/// <summary>What models run on, in words.</summary>
static class ProviderWords
{
    /// <summary>For example <c>CPU (2 CPU cores, ONNX Runtime 1.31.1)</c>.</summary>
    public static string Of(ProviderInfo info) =>
        $"{Name(info.Provider)} ({info.Device}, {(info.Driver is { Length: > 0 } driver ? $"driver {driver}, " : "")}ONNX Runtime {info.Runtime})";

    /// <summary>CUDA was tried, and something else came of it.</summary>
    public static bool FellBack(ProviderInfo info) => IsCpu(info) && info.Requested == "auto";

    /// <summary>What a person should look into: a machine with a GPU that works without it. A machine without one is in order.</summary>
    public static string? Warning(ProviderInfo info) => IsCpu(info) && info.CudaFailed ? "The GPU is not used" : null;

    static bool IsCpu(ProviderInfo info) => info.Provider == "CPUExecutionProvider";

    static string Name(string provider) => provider.EndsWith("ExecutionProvider", StringComparison.Ordinal) ? provider[..^"ExecutionProvider".Length] : provider;
}
