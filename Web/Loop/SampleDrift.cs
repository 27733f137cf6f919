using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>Lets a person ask for frames that carry the drift, without a pass: the rule ends by itself and changes nothing else of the sampling.</summary>
public sealed class SampleDrift(InferenceClient inference, MonitorClient monitor, Policies.RetrainPolicies policies, TimeProvider time)
{
    const int ReportsToSearch = 50;

    /// <returns>What was asked for, in a sentence.</returns>
    /// <exception cref="StackException">A service refused or is away.</exception>
    public async Task<string> BeginAsync(string deployment, Guid? report, string actor, CancellationToken cancellationToken)
    {
        var reports = await monitor.DriftReportsAsync(deployment, ReportsToSearch, cancellationToken);
        var table = (reports.FirstOrDefault(one => one.Id == report) ?? reports.FirstOrDefault(one => one.LikelihoodRatios is not null))?.LikelihoodRatios;
        if (table is null) return "There is no table yet that tells drifted frames from usual ones: it comes with the first comparison that shows a drift.";
        var policy = await policies.OfAsync(deployment, cancellationToken);
        var until = time.GetUtcNow().AddHours(policy.SamplingHours);
        var sampling = (await inference.DeploymentAsync(deployment, cancellationToken)).Sampling;
        await inference.SetSamplingAsync(deployment, sampling with { DriftScore = new DriftScoreRule(table, policy.DriftScoreThreshold, until) }, cancellationToken, actor);
        return FormattableString.Invariant($"Frames that carry the drift are kept first for the next {policy.SamplingHours:0.#} hours. They come to the label queue by themselves.");
    }
}
