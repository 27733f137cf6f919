namespace Aspire.Hosting.ApplicationModel;

/// <summary>A service of this solution, started from its build output.</summary>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

/// <summary>Any other program. One that ends with exit code 0 has done its work and is not started again.</summary>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    public string Command => command;
    public string WorkingDirectory => workingDirectory;
    internal IReadOnlyList<string> Arguments { get; init; } = [];
}
