using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Execution;

namespace RetrainLoop.Tests.Inference.Execution;

public sealed class ExecutionProviderTests
{
    static readonly bool HasCuda = Choose(new ExecutionOptions()).Info.Provider == "CUDAExecutionProvider";

    [Fact]
    public void Choose_AutoWithoutCuda_SaysWhatIsMissing()
    {
        if (HasCuda) Assert.Skip("This machine has CUDA.");
        var info = Choose(new ExecutionOptions()).Info;
        Assert.Equal(("CPUExecutionProvider", "auto", 1, false), (info.Provider, info.Requested, info.MaxBatch, info.ByteInput));
        Assert.Contains("CUDA was tried", info.Reason);
        Assert.Equal(!info.Reason.Contains("built for the CPU"), info.CudaFailed); // libraries that are not there did not fail
        Assert.Equal(Environment.ProcessorCount, info.Workers);
    }

    [Fact]
    public void Choose_CudaWithoutIt_RefusesToStart()
    {
        if (HasCuda) Assert.Skip("This machine has CUDA.");
        var refusal = Assert.Throws<InvalidOperationException>(() => Choose(new ExecutionOptions { Provider = RequestedProvider.Cuda }));
        Assert.Contains("Set it to auto", refusal.Message);
    }

    // On a machine without a device this is the only provider that can show that the probe itself is in order.
    [Fact]
    public void Probe_OnTheCpu_Runs()
    {
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions();
        ExecutionProvider.Probe(options);
    }

    [Fact]
    public void RulesFor_LargePictures_KeepABatchWithinTheBound()
    {
        var input = new DetectorInput("images", Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float, false, 4096, 4096, null);
        var rules = Choose(new ExecutionOptions { Provider = RequestedProvider.Cpu, MaxBatch = 64 }).RulesFor(input, null);
        Assert.Equal(DetectorInput.MostValues / input.Values, rules?.MaxBatch);
    }

    [Fact]
    public void Choose_Batches_BringWorkersThatFillThem()
    {
        var info = Choose(new ExecutionOptions { Provider = RequestedProvider.Cpu, MaxBatch = 8 }).Info;
        Assert.Equal(Environment.ProcessorCount + 16, info.Workers);
        Assert.Equal(3, Choose(new ExecutionOptions { Provider = RequestedProvider.Cpu, MaxBatch = 8, Workers = 3 }).Info.Workers);
    }

    // What is dropped beside the binary is what runs: CUDA libraries need no rebuild.
    [Fact]
    public void Choose_NativeLibrary_IsTheOneBesideTheBinary()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Only Linux tells which libraries are loaded.");
        Choose(new ExecutionOptions());
        var loaded = File.ReadLines("/proc/self/maps").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1])
            .Where(path => Path.GetFileName(path).StartsWith("libonnxruntime.so", StringComparison.Ordinal)).Distinct();
        Assert.Equal([Path.Combine(AppContext.BaseDirectory, "libonnxruntime.so")], loaded);
    }

    static ExecutionProvider Choose(ExecutionOptions options) => new(Options.Create(options), NullLogger<ExecutionProvider>.Instance);
}
