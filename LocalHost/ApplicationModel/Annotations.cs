namespace Aspire.Hosting.ApplicationModel;

/// <summary>Start only when <paramref name="Dependency"/> is healthy, or has ended with <paramref name="ExitCode"/> when one is given.</summary>
sealed record WaitAnnotation(IResource Dependency, int? ExitCode) : IResourceAnnotation;

/// <summary>Variables for the process, asked for each time that it starts; a null value leaves the variable out.</summary>
sealed record EnvironmentAnnotation(Func<CancellationToken, ValueTask<KeyValuePair<string, string?>>> Variable) : IResourceAnnotation;

/// <summary>The discovery addresses of <paramref name="Service"/> are given to the process.</summary>
sealed record ServiceReferenceAnnotation(IResourceWithServiceDiscovery Service) : IResourceAnnotation;

/// <summary>
/// The service is reached on <paramref name="Port"/>. A process that listens on <paramref name="TargetPort"/> instead
/// gets a front; <paramref name="PortVariable"/> is the variable that tells the process its port.
/// </summary>
sealed record EndpointAnnotation(string Name, int Port, int? TargetPort, string? PortVariable) : IResourceAnnotation;

/// <summary>Endpoints listen on the address of --bind instead of on loopback only.</summary>
sealed record ExternalEndpointsAnnotation : IResourceAnnotation;

sealed record HttpHealthCheckAnnotation(string Path, int StatusCode) : IResourceAnnotation;

sealed record ReplicaAnnotation(int Replicas) : IResourceAnnotation;

sealed record DataVolumeAnnotation(string? FolderName) : IResourceAnnotation;

sealed record ProjectMetadataAnnotation(IProjectMetadata Metadata) : IResourceAnnotation;

sealed record CommandAnnotation(
    string Name, string DisplayName, CommandOptions Options, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> Execute) : IResourceAnnotation;
