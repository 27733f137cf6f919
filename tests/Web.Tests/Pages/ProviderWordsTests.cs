using RetrainLoop.Web.Pages.Overview;

namespace RetrainLoop.Tests.Web.Pages;

public sealed class ProviderWordsTests
{
    static readonly ProviderInfo Cpu = new(
        "CPUExecutionProvider", "auto", "CUDA was tried: this ONNX Runtime is built for the CPU.", "2 CPU cores", "1.31.1", ".NET 10", null, 2, 1, 2, false);

    static readonly ProviderInfo Cuda = Cpu with { Provider = "CUDAExecutionProvider", Reason = "CUDA is available.", Device = "NVIDIA L4", Driver = "550.54" };

    [Fact]
    public void Of_CpuAndCuda_NamesDeviceDriverAndRuntime()
    {
        Assert.Equal("CPU (2 CPU cores, ONNX Runtime 1.31.1)", ProviderWords.Of(Cpu));
        Assert.Equal("CUDA (NVIDIA L4, driver 550.54, ONNX Runtime 1.31.1)", ProviderWords.Of(Cuda));
    }

    [Fact]
    public void Warning_OnlyWhereCudaIsThereAndFailed()
    {
        Assert.Null(ProviderWords.Warning(Cpu)); // a machine without a GPU is in order
        Assert.Null(ProviderWords.Warning(Cuda));
        Assert.NotNull(ProviderWords.Warning(Cpu with { CudaFailed = true }));
    }

    [Fact]
    public void FellBack_OnlyWhereCudaWasWanted()
    {
        Assert.True(ProviderWords.FellBack(Cpu));
        Assert.False(ProviderWords.FellBack(Cpu with { Requested = "cpu", Reason = "The CPU was asked for." }));
        Assert.False(ProviderWords.FellBack(Cuda));
    }
}
