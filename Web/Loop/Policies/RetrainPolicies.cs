using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace RetrainLoop.Web.Loop.Policies;

/// <summary>The deployments' policies in webdb; a deployment without one follows <c>Loop:DefaultPolicy</c>.</summary>
public sealed class RetrainPolicies(NpgsqlDataSource database, IOptionsMonitor<LoopOptions> options, TimeProvider time)
{
    public async Task<RetrainPolicy> OfAsync(string deployment, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var json = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select policy from policies where deployment = @deployment", new { deployment }, cancellationToken: cancellationToken));
        return json is null ? options.CurrentValue.DefaultPolicy : JsonSerializer.Deserialize<RetrainPolicy>(json, ContractJson.Options)!;
    }

    public async Task SetAsync(string deployment, RetrainPolicy policy, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into policies (deployment, policy, updated_at, updated_by) values (@deployment, @policy::jsonb, @now, @actor)
            on conflict (deployment) do update set policy = excluded.policy, updated_at = excluded.updated_at, updated_by = excluded.updated_by
            """,
            new { deployment, policy = JsonSerializer.Serialize(policy, ContractJson.Options), now = time.GetUtcNow().UtcDateTime, actor },
            cancellationToken: cancellationToken));
    }
}
