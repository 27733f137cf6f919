namespace RetrainLoop.Simulator.Setup;

/// <summary>How far the line is set up.</summary>
/// <param name="Step">What is done now or waited for, a sentence.</param>
public sealed record SetupInfo(bool Done, string Step);

/// <summary>Tells others how far the set-up is; thread safe.</summary>
public sealed class SetupProgress
{
    readonly TaskCompletionSource deploymentReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile SetupInfo info = new(false, "The set-up has not begun.");

    /// <summary>Completes when frames can be sent.</summary>
    public Task DeploymentReady => deploymentReady.Task;

    public SetupInfo Read() => info;
    public void Report(string step) => info = new SetupInfo(false, step);
    public void ReportDeploymentReady() => deploymentReady.TrySetResult();
    public void ReportDone() => info = new SetupInfo(true, "The line is set up.");
}
