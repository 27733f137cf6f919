using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using RetrainLoop.LocalHost.Stack;

namespace Aspire.Hosting;

public static class ParameterResourceBuilderExtensions
{
    /// <summary>A value from configuration <c>Parameters:NAME</c>. A secret that is not set is generated once and kept in the data folder.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false)
    {
        var settings = ((DistributedApplicationBuilder)builder).Settings;
        return builder.AddResource(new ParameterResource(name, () => Configured(builder, name) ?? (secret
            ? KeptSecret.ReadOrCreate(settings.KeyFile(name))
            : throw new LocalRunException($"The parameter '{name}' has no value. Give it with --Parameters:{name}=VALUE.")), secret));
    }

    /// <summary>A value that configuration <c>Parameters:NAME</c> overrides.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, () => Configured(builder, name) ?? value, secret));

    /// <summary>A server that somebody else runs, from configuration <c>ConnectionStrings:NAME</c>.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource(new ConnectionStringResource(
            name,
            () => builder.Configuration.GetConnectionString(name) ?? throw new LocalRunException(
                $"The connection string '{name}' has no value. Set the environment variable ConnectionStrings__{name}."),
            environmentVariableName));

    static string? Configured(IDistributedApplicationBuilder builder, string name) =>
        builder.Configuration[$"Parameters:{name}"] is { Length: > 0 } value ? value : null;
}
