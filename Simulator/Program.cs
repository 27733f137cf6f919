using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.LabelledSets;

switch (args)
{
    case [MakeSetCommand.Verb, .. var rest]: return await MakeSetCommand.RunAsync(rest, Console.Out, Console.Error, CancellationToken.None);
    case [RenderCommand.Verb, .. var rest]: return await RenderCommand.RunAsync(rest, Console.Out, Console.Error, CancellationToken.None);
    default: return 0;
}
