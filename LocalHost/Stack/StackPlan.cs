using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using RetrainLoop.LocalHost.Postgres;
using RetrainLoop.LocalHost.Processes;
using RetrainLoop.LocalHost.Projects;
using RetrainLoop.LocalHost.Redis;

namespace RetrainLoop.LocalHost.Stack;

/// <summary>Turns the declared resources into what to run, and finds out what is missing before anything starts.</summary>
static class StackPlan
{
    const string PostgresBinariesKey = "RetrainLoop:PostgresBinaries";
    const string RedisBinariesKey = "RetrainLoop:RedisBinaries";

    public static async Task<IReadOnlyList<ResourcePlan>> MakeAsync(DistributedApplicationBuilder builder, CancellationToken cancellation)
    {
        var projects = new ProjectPlans(builder);
        var plans = new List<ResourcePlan>();
        foreach (var resource in builder.Resources)
        {
            if (resource is PostgresServerResource postgres)
            {
                plans.Add(await PostgresAsync(builder, postgres, cancellation));
            }
            else if (resource is RedisResource redis)
            {
                plans.Add(Redis(builder, redis));
            }
            else if (resource is ProjectResource or ExecutableResource)
            {
                plans.Add(projects.For(resource));
            }
        }

        return plans;
    }

    static async Task<ResourcePlan> PostgresAsync(
        DistributedApplicationBuilder builder, PostgresServerResource server, CancellationToken cancellation)
    {
        Probe probe = new PostgresDatabases(server).ProbeAsync;
        if (!server.IsStarted)
        {
            return Existing(server, server.Existing is null ? _ => Task.FromResult<string?>(null) : probe);
        }

        var cluster = await PostgresCluster.OpenAsync(Folder(builder, server), builder.Configuration[PostgresBinariesKey], cancellation);
        var process = new ProcessPlan(null, async starting =>
        {
            await cluster.InitializeAsync(server.UserName, server.Password, starting);
            return cluster.Serve(server.Port);
        }, asking => cluster.IsReady() ? probe(asking) : Task.FromResult<string?>("PostgreSQL is not ready yet"));
        return Started(server, $"postgresql://127.0.0.1:{server.Port}", server.Port, process);
    }

    static ResourcePlan Redis(DistributedApplicationBuilder builder, RedisResource redis)
    {
        Probe probe = cancellation => RedisPing.ProbeAsync(redis.ConnectionString, cancellation);
        if (redis.Existing is not null)
        {
            return Existing(redis, probe);
        }

        var server = new RedisServer(
            RedisServer.FindProgram(builder.Configuration[RedisBinariesKey]),
            Folder(builder, redis),
            redis.Annotations.OfType<DataVolumeAnnotation>().Any());
        var process = new ProcessPlan(null, _ => Task.FromResult(server.Serve(redis.Port, redis.Password)), probe);
        return Started(redis, $"redis://127.0.0.1:{redis.Port}", redis.Port, process);
    }

    static ResourcePlan Started(IResource resource, string url, int port, ProcessPlan process) =>
        new(resource, url, [process], process.Probe, [new(resource.Name, System.Net.IPAddress.Loopback, port)], [], new HashSet<int>());

    static ResourcePlan Existing(IResource resource, Probe probe) => new(resource, null, [], probe, [], [], new HashSet<int>());

    static string Folder(DistributedApplicationBuilder builder, IResource resource) => Path.Combine(
        builder.Settings.DataFolder,
        resource.Annotations.OfType<DataVolumeAnnotation>().FirstOrDefault()?.FolderName ?? resource.Name);
}
