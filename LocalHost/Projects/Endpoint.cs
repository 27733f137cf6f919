using System.Net;
using Aspire.Hosting.ApplicationModel;
using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.LocalHost.Projects;

/// <summary>Where a resource is reached and where its processes listen.</summary>
/// <param name="Addresses">Listened on by the process, or by the front when there is one.</param>
/// <param name="ProcessPorts">One per replica; other than <paramref name="Port"/> when a front stands before them.</param>
sealed record Endpoint(string Name, int Port, string? PortVariable, IReadOnlyList<IPAddress> Addresses, IReadOnlyList<int> ProcessPorts)
{
    public bool IsFronted => ProcessPorts is not [var only] || only != Port;

    /// <summary>For the other services of the stack, which run on this machine.</summary>
    public string LocalUrl => Url(IPAddress.Loopback, Port);

    /// <summary>For people.</summary>
    public string ShownUrl => Url(IsEverywhere(Addresses[0]) ? IPAddress.Loopback : Addresses[0], Port);

    public IReadOnlyList<string> FrontUrls => IsFronted ? [.. Addresses.Select(address => Url(address, Port))] : [];

    public IEnumerable<string> ListeningUrls(int processPort) =>
        IsFronted ? [Url(IPAddress.Loopback, processPort)] : Addresses.Select(address => Url(address, processPort));

    public IReadOnlyList<PortClaim> Claims(string resource) =>
    [
        .. Addresses.Select(address => new PortClaim(resource, address, Port)),
        .. IsFronted ? ProcessPorts.Select(port => new PortClaim(resource, IPAddress.Loopback, port)) : [],
    ];

    public static string Url(IPAddress address, int port) => $"http://{new IPEndPoint(address, port)}";

    static bool IsEverywhere(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>
    /// The endpoints of all services, and of those programs that have one. External endpoints listen on <paramref name="bind"/>, and every endpoint
    /// on loopback, where the services find each other.
    /// </summary>
    public static Dictionary<IResource, Endpoint> Of(IReadOnlyCollection<IResource> resources, IPAddress bind)
    {
        var declared = resources
            .Select(resource => (Resource: resource, Endpoint: resource.Annotations.OfType<EndpointAnnotation>().SingleOrDefault()))
            .Where(pair => pair.Endpoint is not null || pair.Resource is ProjectResource)
            .ToDictionary(pair => pair.Resource, pair => pair.Endpoint ?? new("http", Ports.Free(), null, null));
        int[] claimed =
        [
            .. declared.Values.Select(endpoint => endpoint.Port),
            .. resources.OfType<PostgresServerResource>().Select(server => server.Port),
            .. resources.OfType<RedisResource>().Select(redis => redis.Port),
        ];
        var free = new Queue<int>(claimed.Length == 0 ? [] : Ports.ForReplicas(claimed, declared.Keys.Sum(ReplicasOf)));
        return declared.ToDictionary(pair => pair.Key, pair => new Endpoint(
            pair.Value.Name, pair.Value.Port, pair.Value.PortVariable,
            IsExternal(pair.Key) && !IPAddress.IsLoopback(bind) ? IsEverywhere(bind) ? [bind] : [bind, IPAddress.Loopback] : [IPAddress.Loopback],
            ReplicasOf(pair.Key) is > 1 and var replicas
                ? [.. Enumerable.Range(0, replicas).Select(_ => free.Dequeue())]
                : [pair.Value.TargetPort ?? pair.Value.Port]));
    }

    static bool IsExternal(IResource resource) => resource.Annotations.OfType<ExternalEndpointsAnnotation>().Any();

    static int ReplicasOf(IResource resource) => resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
}
