namespace RetrainLoop.Contracts;

/// <summary>What models run on, and why.</summary>
/// <param name="Provider">ONNX Runtime's name for it.</param>
/// <param name="Requested"><c>auto</c>, <c>cuda</c> or <c>cpu</c>.</param>
/// <param name="Reason">Why it is this one; after a fallback, what was missing.</param>
/// <param name="Runtime">Version of ONNX Runtime.</param>
/// <param name="Driver">The GPU's driver, when there is one.</param>
/// <param name="Workers">Threads that decode images.</param>
/// <param name="MaxBatch">Most images of one run, where a model has no limit of its own.</param>
/// <param name="ByteInput">Whether float networks are fed with bytes.</param>
/// <param name="CudaFailed">The CUDA libraries are there, but did not run: a machine with a GPU that works on its CPU.</param>
public sealed record ProviderInfo(
    string Provider, string Requested, string Reason, string Device, string Runtime, string Dotnet, string? Driver, int Workers, int MaxBatch,
    double MaxBatchDelayMs, bool ByteInput, bool CudaFailed = false);
