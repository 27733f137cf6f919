using RetrainLoop.LocalHost.Stack;

namespace Aspire.Hosting;

/// <summary>The declared application, ready to run as child processes of this one.</summary>
public sealed class DistributedApplication
{
    readonly DistributedApplicationBuilder builder;

    internal DistributedApplication(DistributedApplicationBuilder builder) => this.builder = builder;

    /// <summary>Starts the description of an application. The switches in <paramref name="args"/> become configuration.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>
    /// Runs until Ctrl+C or SIGTERM, then stops everything. What keeps it from running is told in one sentence and leaves exit code 1.
    /// </summary>
    public void Run() => Environment.ExitCode = LocalRun.RunAsync(builder).GetAwaiter().GetResult();
}
