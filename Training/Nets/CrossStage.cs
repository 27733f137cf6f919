using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace RetrainLoop.Training.Nets;

/// <summary>
/// Cross-stage partial block with two fused ends ("C2f"): half of the channels passes by, the other half goes through a chain of
/// bottlenecks, and every link of the chain is seen at the end.
/// </summary>
public sealed class CrossStage : Module
{
    readonly ConvolutionBlock entry, exit;
    readonly ModuleList<Bottleneck> chain;
    readonly int half;

    public CrossStage(int inputs, int outputs, int depth, bool shortcut) : base(nameof(CrossStage))
    {
        half = outputs / 2;
        entry = new ConvolutionBlock(inputs, 2 * half, 1);
        exit = new ConvolutionBlock((2 + depth) * half, outputs, 1);
        chain = new ModuleList<Bottleneck>([.. Enumerable.Range(0, depth).Select(_ => new Bottleneck(half, shortcut))]);
        RegisterComponents();
    }

    public T Run<T>(IOperations<T> on, T x)
    {
        var (passing, link) = on.Halve(on.Convolve(entry, x), half);
        var seen = new List<T> { passing, link };
        foreach (var bottleneck in chain) seen.Add(link = bottleneck.Run(on, link));
        return on.Convolve(exit, on.Concatenate(seen.ToArray()));
    }
}
