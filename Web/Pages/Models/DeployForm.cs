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
    /// <summary>IANA zone; empty = UTC.</summary>
    public string Zone { get; set; } = "";
    public string Reason { get; set; } = "";

    /// <summary>Why it cannot be sent yet, or null. What else is wrong, Inference says.</summary>
    /// <param name="deployments">Those that exist: making one anew would overwrite its budget and zone.</param>
    public string? Missing(IEnumerable<DeploymentInfo> deployments) => Way switch
    {
        DeployWay.New when Name.Trim().Length == 0 => "Give the deployment a name: lower-case letters, digits and dashes.",
        DeployWay.New when deployments.Any(one => string.Equals(one.Name, Name.Trim(), StringComparison.OrdinalIgnoreCase)) => Taken(Name.Trim()),
        DeployWay.New when LatencyBudgetMs is not > 0 => "Give a latency budget in milliseconds.",
        DeployWay.Rollout or DeployWay.Force when Target.Length == 0 => "Choose the deployment.",
        DeployWay.Rollout or DeployWay.Force when deployments.Any(one => one.Name == Target && one.ActiveRollout is not null) =>
            $"A rollout is under way in {Target}. Promote or abort it first.",
        DeployWay.Force when Reason.Trim().Length == 0 => "Say why: the history keeps it.",
        _ => null,
    };

    /// <summary>The refusal of a name that another deployment has.</summary>
    public static string Taken(string name) => $"{name} exists; choose Roll out to change what it serves, or another name.";
}
