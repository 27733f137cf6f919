using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using RetrainLoop.LocalHost.Stack;

namespace Aspire.Hosting;

public static class PostgresBuilderExtensions
{
    /// <summary>
    /// Adds a PostgreSQL server. Configuration <c>ConnectionStrings:NAME</c> uses an existing one instead.
    /// Without a password one is generated and kept.
    /// </summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null) =>
        builder.AddResource(new PostgresServerResource(
            name,
            userName?.Resource,
            (password ?? builder.AddParameter($"{name}-password", secret: true)).Resource,
            port ?? Ports.Free(),
            builder.Configuration.GetConnectionString(name)));

    /// <summary>Adds a database, created when it is missing. Configuration <c>ConnectionStrings:NAME</c> uses an existing one instead.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var existing = builder.ApplicationBuilder.Configuration.GetConnectionString(name);
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource, existing);
        builder.Resource.Databases.Add(database);
        return builder.ApplicationBuilder.AddResource(database);
    }

    /// <summary>Names the folder of the server under the data folder. Data is kept between runs in any case.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.AnnotateVolume(name, isReadOnly);
}
