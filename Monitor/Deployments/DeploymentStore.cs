using Dapper;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Hosting;

namespace RetrainLoop.Monitor.Deployments;

/// <summary>Monitor's copy of what Inference published.</summary>
static class DeploymentStore
{
    public static Task<DeploymentInfo?> FindAsync(NpgsqlDataSource database, string deployment, CancellationToken cancellationToken) =>
        Documents.FirstAsync<DeploymentInfo>(database, "select info from deployments where name = @deployment", new { deployment }, cancellationToken);

    public static Task<List<DeploymentInfo>> ListAsync(NpgsqlDataSource database, CancellationToken cancellationToken) =>
        Documents.ListAsync<DeploymentInfo>(database, "select info from deployments order by name", null, cancellationToken);

    /// <summary>The zone that governs each deployment's days.</summary>
    public static async Task<Dictionary<string, TimeZoneInfo>> ZonesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<(string Name, string Zone)>(new CommandDefinition(
            "select name, info ->> 'zone' from deployments", cancellationToken: cancellationToken)))
        .ToDictionary(row => row.Name, row => TimeZoneInfo.TryFindSystemTimeZoneById(row.Zone, out var zone) ? zone : TimeZoneInfo.Utc);

    /// <summary>The sentence for a deployment that was never published here.</summary>
    public static string Unknown(string deployment) =>
        $"Monitor knows no deployment '{deployment}'. It learns of one from Inference within seconds of its first PUT.";
}
