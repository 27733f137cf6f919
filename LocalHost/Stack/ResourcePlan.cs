using Aspire.Hosting.ApplicationModel;
using RetrainLoop.LocalHost.Processes;

namespace RetrainLoop.LocalHost.Stack;

/// <summary>Null when all is well, otherwise why not.</summary>
delegate Task<string?> Probe(CancellationToken cancellation);

/// <summary>One process of a resource: where it is reached, how it starts, how it is found healthy.</summary>
sealed record ProcessPlan(string? Url, Func<CancellationToken, Task<Launch>> Launch, Probe Probe);

/// <summary>What the host does for one resource.</summary>
/// <param name="Processes">Each is kept alive. Empty for a server that somebody else runs, which is only probed.</param>
/// <param name="Probe">For a resource without processes.</param>
/// <param name="FrontAddresses">Not empty when a front of ours listens on the resource's port and passes requests on to the processes.</param>
/// <param name="FinishingCodes">Exit codes with which a process has done its work, instead of having crashed.</param>
sealed record ResourcePlan(
    IResource Resource,
    string? Url,
    IReadOnlyList<ProcessPlan> Processes,
    Probe Probe,
    IReadOnlyList<PortClaim> Claims,
    IReadOnlyList<string> FrontAddresses,
    IReadOnlySet<int> FinishingCodes)
{
    public string Name => Resource.Name;
    public IEnumerable<WaitAnnotation> Waits => Resource.Annotations.OfType<WaitAnnotation>();
}
