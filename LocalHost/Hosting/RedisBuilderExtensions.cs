using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using RetrainLoop.LocalHost.Stack;

namespace Aspire.Hosting;

public static class RedisBuilderExtensions
{
    /// <summary>
    /// Adds a Redis server. Configuration <c>ConnectionStrings:NAME</c> uses an existing one instead. Without a password one is generated and kept.
    /// </summary>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null) =>
        builder.AddResource(new RedisResource(
            name,
            (password ?? builder.AddParameter($"{name}-password", secret: true)).Resource,
            port ?? Ports.Free(),
            builder.Configuration.GetConnectionString(name)));

    /// <summary>Keeps what Redis holds between runs, in a folder of this name under the data folder.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.AnnotateVolume(name, isReadOnly);
}
