using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class ResourceBuilderExtensions
{
    /// <summary>Gives the process <c>ConnectionStrings__NAME</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var variable = (source.Resource as ConnectionStringResource)?.EnvironmentVariableName
            ?? $"ConnectionStrings__{connectionName ?? source.Resource.Name}";
        return builder.Annotate(new EnvironmentAnnotation(async cancellation =>
        {
            try
            {
                return new(variable, await source.Resource.GetConnectionStringAsync(cancellation));
            }
            catch (RetrainLoop.LocalHost.Stack.LocalRunException) when (optional)
            {
                return new(variable, null);
            }
        }));
    }

    /// <summary>Gives the process the address of <paramref name="source"/>, so that <c>http://NAME</c> finds it.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment =>
        builder.Annotate(new ServiceReferenceAnnotation(source.Resource));

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment =>
        builder.Annotate(new EnvironmentAnnotation(_ => new(new KeyValuePair<string, string?>(name, value ?? ""))));

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment =>
        builder.Annotate(new EnvironmentAnnotation(_ => new(new KeyValuePair<string, string?>(name, parameter.Resource.Value))));

    /// <summary>Starts only when <paramref name="dependency"/> is healthy, and stops before it.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport =>
        builder.Annotate(new WaitAnnotation(dependency.Resource, null));

    /// <summary>Starts only when <paramref name="dependency"/> has ended with <paramref name="exitCode"/>.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport =>
        builder.Annotate(new WaitAnnotation(dependency.Resource, exitCode));

    /// <summary>Adds something that a person can have done by typing <c>RESOURCE COMMAND</c> and Enter.</summary>
    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder,
        string name,
        string displayName,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions? commandOptions = null)
        where T : IResource =>
        builder.Annotate(new CommandAnnotation(name, displayName, commandOptions ?? new(), executeCommand));
}
