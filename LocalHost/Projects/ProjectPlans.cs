using System.Globalization;
using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using RetrainLoop.LocalHost.Processes;
using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.LocalHost.Projects;

/// <summary>Plans the services and other programs: their ports, what they are told, how they are probed.</summary>
sealed class ProjectPlans
{
    readonly DistributedApplicationBuilder builder;
    readonly Dictionary<IResource, EndpointAnnotation> endpoints;
    readonly Queue<int> replicaPorts;
    readonly HttpProbe http = new();

    public ProjectPlans(DistributedApplicationBuilder builder)
    {
        this.builder = builder;
        endpoints = builder.Resources.OfType<IResourceWithServiceDiscovery>().ToDictionary(resource => (IResource)resource, EndpointOf);
        int[] claimed =
        [
            .. endpoints.Values.Select(endpoint => endpoint.Port),
            .. builder.Resources.OfType<PostgresServerResource>().Select(server => server.Port),
            .. builder.Resources.OfType<RedisResource>().Select(redis => redis.Port),
        ];
        replicaPorts = new(claimed.Length == 0 ? [] : Ports.ForReplicas(claimed, endpoints.Keys.Sum(ReplicasOf)));
    }

    public ResourcePlan For(IResourceWithServiceDiscovery resource)
    {
        var endpoint = endpoints[resource];
        var addresses = Listening(resource);
        var replicas = ReplicasOf(resource);
        var isFronted = replicas > 1 || (endpoint.TargetPort is { } target && target != endpoint.Port);
        List<int> ports = !isFronted ? [endpoint.Port]
            : replicas == 1 ? [endpoint.TargetPort!.Value]
            : [.. Enumerable.Range(0, replicas).Select(_ => replicaPorts.Dequeue())];
        var processes = ports.Select((port, index) => Process(resource, endpoint, port, index, isFronted ? [IPAddress.Loopback] : addresses)).ToList();
        var claims = addresses.Select(address => new PortClaim(resource.Name, address, endpoint.Port))
            .Concat(isFronted ? ports.Select(port => new PortClaim(resource.Name, IPAddress.Loopback, port)) : []);
        return new(
            resource, ShownUrl(addresses[0], endpoint.Port), processes, processes[0].Probe, [.. claims],
            isFronted ? [.. addresses.Select(address => Url(address, endpoint.Port))] : [], FinishingCodes(resource));
    }

    ProcessPlan Process(
        IResourceWithServiceDiscovery resource, EndpointAnnotation endpoint, int port, int index, IReadOnlyList<IPAddress> addresses)
    {
        var url = Url(IPAddress.Loopback, port);
        return new(
            url,
            async cancellation =>
            {
                var environment = await EnvironmentAsync(resource, endpoint, port, index, addresses, cancellation);
                return resource is ExecutableResource executable
                    ? new(executable.Command, executable.Arguments, executable.WorkingDirectory, environment, StopSignal.Terminate, Grace)
                    : Service((ProjectResource)resource, environment);
            },
            http.For(resource, url));
    }

    static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    static Launch Service(ProjectResource project, IReadOnlyDictionary<string, string> environment)
    {
        var metadata = project.Annotations.OfType<ProjectMetadataAnnotation>().Single().Metadata;
        return File.Exists(metadata.AssemblyPath)
            ? new(Programs.Dotnet, [metadata.AssemblyPath], Path.GetDirectoryName(metadata.ProjectPath)!, environment, StopSignal.Terminate, Grace)
            : throw new LocalRunException($"{project.Name} is not built: {metadata.AssemblyPath} is missing. Build the AppHost first.");
    }

    async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(
        IResource resource, EndpointAnnotation endpoint, int port, int index, IReadOnlyList<IPAddress> addresses, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = string.Join(';', addresses.Select(address => Url(address, port))),
            ["OTEL_SERVICE_NAME"] = resource.Name,
            ["OTEL_RESOURCE_ATTRIBUTES"] = string.Create(CultureInfo.InvariantCulture, $"service.instance.id={resource.Name}-{index + 1}"),
            [StackSettings.DataVariable] = builder.Settings.DataFolder,
        };
        foreach (var (name, value) in ServiceDefaults.Where(pair => Environment.GetEnvironmentVariable(pair.Key) is null))
        {
            environment[name] = value;
        }

        if (endpoint.PortVariable is { } variable)
        {
            environment[variable] = port.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var service in resource.Annotations.OfType<ServiceReferenceAnnotation>().Select(reference => reference.Service))
        {
            environment[$"services__{service.Name}__{endpoints[service].Name}__0"] = Url(IPAddress.Loopback, endpoints[service].Port);
        }

        foreach (var annotation in resource.Annotations.OfType<EnvironmentAnnotation>())
        {
            if (await annotation.Variable(cancellation) is { Value: { } value } pair)
            {
                environment[pair.Key] = value;
            }
        }

        return environment;
    }

    /// <summary>What the person running the stack may set otherwise. Development lets an unpublished Web serve its static files.</summary>
    static readonly Dictionary<string, string> ServiceDefaults = new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["Logging__Console__FormatterName"] = "simple",
        ["Logging__Console__FormatterOptions__SingleLine"] = "true",
        ["Logging__Console__FormatterOptions__TimestampFormat"] = "HH:mm:ss ",
        ["Logging__Console__FormatterOptions__UseUtcTimestamp"] = "true",
    };

    /// <summary>Loopback always, so that the services find each other; external endpoints also where --bind says.</summary>
    IReadOnlyList<IPAddress> Listening(IResource resource) =>
        !resource.Annotations.OfType<ExternalEndpointsAnnotation>().Any() || IPAddress.IsLoopback(builder.Settings.Bind) ? [IPAddress.Loopback]
        : builder.Settings.Bind.Equals(IPAddress.Any) || builder.Settings.Bind.Equals(IPAddress.IPv6Any) ? [builder.Settings.Bind]
        : [builder.Settings.Bind, IPAddress.Loopback];

    /// <summary>Exit codes that somebody waits for, and 0 for a program that is no service.</summary>
    HashSet<int> FinishingCodes(IResource resource) =>
    [
        .. builder.Resources.SelectMany(other => other.Annotations.OfType<WaitAnnotation>())
            .Where(wait => wait.Dependency == resource).Select(wait => wait.ExitCode).OfType<int>(),
        .. resource is ExecutableResource ? [0] : Array.Empty<int>(),
    ];

    static EndpointAnnotation EndpointOf(IResource resource) =>
        resource.Annotations.OfType<EndpointAnnotation>().SingleOrDefault() ?? new("http", Ports.Free(), null, null);

    static int ReplicasOf(IResource resource) => resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    static string ShownUrl(IPAddress address, int port) =>
        Url(address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : address, port);

    static string Url(IPAddress address, int port) => $"http://{new IPEndPoint(address, port)}";
}
