using Aspire.Hosting.ApplicationModel;
using RetrainLoop.LocalHost.Stack;

namespace Aspire.Hosting;

public static class EndpointBuilderExtensions
{
    /// <summary>
    /// Adds an HTTP address on <paramref name="port"/>, or on a free one. The process is told where to listen by <c>ASPNETCORE_URLS</c> and by
    /// <paramref name="env"/>; one that cannot be told listens on <paramref name="targetPort"/>.
    /// </summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints
    {
        if (builder.Resource.Annotations.OfType<EndpointAnnotation>().Any())
        {
            throw new NotSupportedException($"'{builder.Resource.Name}' has an endpoint already; more than one needs the Aspire packages.");
        }

        var target = isProxied == false ? null : targetPort;
        var reached = isProxied == false ? targetPort ?? port : port;
        return builder.Annotate(new EndpointAnnotation(name ?? "http", reached ?? Ports.Free(), target, env));
    }

    /// <summary>
    /// Healthy means that a GET of <paramref name="path"/> answers <paramref name="statusCode"/> (200). A resource has one endpoint here, whatever
    /// <paramref name="endpointName"/> calls it.
    /// </summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints =>
        builder.Annotate(new HttpHealthCheckAnnotation(path ?? "/", statusCode ?? 200));

    /// <summary>The endpoints may be reached from other machines when the person running it asks for that with --bind.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints =>
        builder.Annotate(new ExternalEndpointsAnnotation());
}
