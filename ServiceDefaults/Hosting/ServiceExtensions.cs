using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.ServiceDefaults;

public static class ServiceExtensions
{
    /// <summary>Adds a hosted service that others may ask for, too.</summary>
    public static IServiceCollection AddHostedSingleton<TService>(this IServiceCollection services) where TService : class, IHostedService =>
        services.AddSingleton<TService>().AddHostedService(provider => provider.GetRequiredService<TService>());

    /// <summary>Everything that a service with a database of its own has: defaults, PostgreSQL with migrations, Redis, keys, blobs.</summary>
    /// <param name="database">Name of the connection string.</param>
    public static void AddLoopService(this WebApplicationBuilder builder, string database)
    {
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource(database);
        builder.AddMigrations(database, System.Reflection.Assembly.GetCallingAssembly());
        builder.AddRedisClient("redis");
        builder.AddKeyAccess();
        builder.AddBlobStore();
    }

    /// <summary>Health, documentation, key publication, change feed and blobs.</summary>
    public static void MapLoopService(this WebApplication app)
    {
        app.MapDefaultEndpoints();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapKeySnapshot();
        app.MapChangeFeed();
        app.MapBlobs();
    }
}
