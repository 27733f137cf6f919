using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using RetrainLoop.LocalHost.Processes;
using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.LocalHost.Projects;

/// <summary>Plans the services and other programs.</summary>
sealed class ProjectPlans(DistributedApplicationBuilder builder)
{
    /// <summary>Services finish the requests that they have begun.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    readonly Dictionary<IResource, Endpoint> endpoints = Endpoint.Of([.. builder.Resources], builder.Settings.Bind);
    readonly HttpProbe http = new();

    public ResourcePlan For(IResource resource)
    {
        var endpoint = endpoints.GetValueOrDefault(resource);
        var processes = endpoint is null ? [Process(resource, 1, null)] : endpoint.ProcessPorts
            .Select((port, index) => Process(resource, index + 1, Endpoint.Url(IPAddress.Loopback, port))).ToList();
        return new(
            resource, endpoint?.ShownUrl, processes, processes[0].Probe, endpoint?.Claims(resource.Name) ?? [], endpoint?.FrontUrls ?? [],
            FinishingCodes(resource));
    }

    ProcessPlan Process(IResource resource, int replica, string? url) => new(
        url,
        async cancellation =>
        {
            var environment = await ServiceEnvironment.OfAsync(resource, endpoints, replica, builder.Settings.DataFolder, cancellation);
            return resource is ExecutableResource executable
                ? new(executable.Command, executable.Arguments, executable.WorkingDirectory, environment, StopSignal.Terminate, Grace)
                : Service(resource, environment);
        },
        http.For(resource, url));

    /// <summary>Runs the build output in the project's folder, where its settings and static files lie.</summary>
    static Launch Service(IResource project, IReadOnlyDictionary<string, string> environment)
    {
        var metadata = project.Annotations.OfType<ProjectMetadataAnnotation>().Single().Metadata;
        return File.Exists(metadata.AssemblyPath)
            ? new(Programs.Dotnet, [metadata.AssemblyPath], Path.GetDirectoryName(metadata.ProjectPath)!, environment, StopSignal.Terminate, Grace)
            : throw new LocalRunException($"{project.Name} is not built: {metadata.AssemblyPath} is missing. Build the AppHost first.");
    }

    /// <summary>Exit codes that somebody waits for, and 0 for a program that is no service.</summary>
    HashSet<int> FinishingCodes(IResource resource) =>
    [
        .. builder.Resources.SelectMany(other => other.Annotations.OfType<WaitAnnotation>())
            .Where(wait => wait.Dependency == resource).Select(wait => wait.ExitCode).OfType<int>(),
        .. resource is ExecutableResource ? [0] : Array.Empty<int>(),
    ];
}
