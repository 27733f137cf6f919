using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Inference.Deployments;

/// <summary>Makes a decided change true: in the database, in the change feed, and in this replica before the answer is given.</summary>
sealed class DeploymentChange(NpgsqlDataSource database, DeploymentDirectory directory, ChangeNudge nudge, TimeProvider time)
{
    /// <param name="decide">Sees the locked deployment, null when there is none yet.</param>
    public async Task<Results<Ok<DeploymentInfo>, ProblemHttpResult>> MakeAsync(
        string name, string actor, string reason, Func<DeploymentInfo?, DeploymentDecision> decide, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var current = await DeploymentSql.LockAsync(connection, transaction, name, cancellationToken);
        var decision = decide(current);
        if (decision.Deployment is not { } wanted) return Problem.Of(decision.Status, decision.Refusal);
        if (current is null || !Same(current, wanted))
        {
            wanted = await DeploymentSql.SaveAsync(connection, transaction, current, wanted, reason, actor, time.GetUtcNow(), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            nudge.Changed();
        }
        await directory.ApplyAsync(wanted, cancellationToken);
        return TypedResults.Ok(wanted);
    }

    // Records compare lists by reference; what a reader sees is the JSON.
    static bool Same(DeploymentInfo a, DeploymentInfo b) =>
        JsonSerializer.Serialize(a, ContractJson.Options) == JsonSerializer.Serialize(b, ContractJson.Options);
}
