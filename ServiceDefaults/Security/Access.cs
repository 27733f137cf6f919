namespace RetrainLoop.ServiceDefaults.Security;

/// <summary>Names of the authorization policies. Each asks for a role, and that a key limited to deployments stays within them.</summary>
public static class Access
{
    /// <summary>Send frames.</summary>
    public const string Predict = nameof(AccessRole.Predict);
    /// <summary>Read everything.</summary>
    public const string View = nameof(AccessRole.Viewer);
    /// <summary>Work on label tasks.</summary>
    public const string Annotate = nameof(AccessRole.Annotator);
    /// <summary>Turn the loop: models, deployments, rollouts, datasets, runs, rules.</summary>
    public const string Operate = nameof(AccessRole.Operator);
    /// <summary>Users and keys.</summary>
    public const string Administer = nameof(AccessRole.Admin);

    /// <summary>Claim that limits an identity to a deployment; none means all.</summary>
    public const string DeploymentClaim = "deployment";

    /// <summary>Claim of a call that a service of this stack makes, for itself or for the user that it names.</summary>
    public const string StackClaim = "stack";
}
