using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a service of this solution.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var project = builder.AddResource(new ProjectResource(name));
        project.Resource.Annotations.Add(new ProjectMetadataAnnotation(new TProject()));
        return project;
    }

    /// <summary>Runs <paramref name="replicas"/> processes behind the one port of the service.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return builder.Annotate(new ReplicaAnnotation(replicas));
    }
}

public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds any program; a relative <paramref name="workingDirectory"/> counts from the AppHost's folder.</summary>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddResource(new ExecutableResource(name, command, Path.GetFullPath(workingDirectory, builder.AppHostDirectory))
        {
            Arguments = args ?? [],
        });
}
