using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop.Policies;

/// <summary>Replaces a deployment's policy and its occasions together.</summary>
public sealed class PolicyChange(RetrainPolicies policies, LoopSchedule schedule, InferenceClient inference)
{
    /// <returns>Why it was refused, or null.</returns>
    /// <exception cref="StackException">Inference is away.</exception>
    public async Task<PolicyRefusal?> TryAsync(string deployment, RetrainPolicy policy, string actor, CancellationToken cancellationToken)
    {
        if (policy.Refusal() is { } refusal) return new PolicyRefusal(refusal);
        if (await inference.FindDeploymentAsync(deployment, cancellationToken) is not { } known)
            return new PolicyRefusal($"There is no deployment '{deployment}'. Set it up first with PUT /v1/deployments/{deployment} on Inference.", IsUnknown: true);
        try
        {
            schedule.Apply(known.Name, known.Zone, policy);
        }
        catch (ArgumentException exception)
        {
            schedule.Apply(known.Name, known.Zone, await policies.OfAsync(deployment, cancellationToken));
            return new PolicyRefusal($"A cron is not understood: {exception.Message}");
        }
        await policies.SetAsync(deployment, policy, actor, cancellationToken);
        return null;
    }
}

/// <param name="IsUnknown">The deployment is what is wrong.</param>
public sealed record PolicyRefusal(string Reason, bool IsUnknown = false);
