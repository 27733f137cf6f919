namespace RetrainLoop.Web.Pages.Models;

/// <summary>How a model gets to serve: as a new deployment, step by step in an existing one, or there at once.</summary>
public enum DeployWay { New, Rollout, Force }

/// <summary>What the deploy dialog holds.</summary>
public sealed class DeployForm
{
    public DeployWay Way { get; set; } = DeployWay.Rollout;
    /// <summary>Name of the new deployment.</summary>
    public string Name { get; set; } = "";
    /// <summary>The existing deployment.</summary>
    public string Target { get; set; } = "";
    public double? LatencyBudgetMs { get; set; } = 200;
    public string Zone { get; set; } = "UTC";
    public string Reason { get; set; } = "";

    /// <summary>Why it cannot be sent yet, or null. What else is wrong, Inference says.</summary>
    public string? Missing() => Way switch
    {
        DeployWay.New when Name.Trim().Length == 0 => "Give the deployment a name: lower-case letters, digits and dashes.",
        DeployWay.New when LatencyBudgetMs is not > 0 => "Give a latency budget in milliseconds.",
        DeployWay.Rollout or DeployWay.Force when Target.Length == 0 => "Choose the deployment.",
        DeployWay.Force when Reason.Trim().Length == 0 => "Say why: the history keeps it.",
        _ => null,
    };
}
