namespace RetrainLoop.Web.Stack;

/// <summary>The services that this stack has, in loop order: the four of the loop, and the simulator when one was configured.</summary>
public sealed class StackServices(IConfiguration configuration)
{
    public IReadOnlyList<string> Names { get; } =
        ["inference", "monitor", "labeling", "training", .. configuration.GetSection("services:simulator").Exists() ? ["simulator"] : Array.Empty<string>()];
}
