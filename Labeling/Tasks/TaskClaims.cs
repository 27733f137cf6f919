using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Labeling.Deployments;
using RetrainLoop.Labeling.Ranking;

namespace RetrainLoop.Labeling.Tasks;

/// <summary>Hands waiting tasks out, each to one annotator.</summary>
sealed class TaskClaims(NpgsqlDataSource database, IOptions<QueueOptions> options, TimeProvider time)
{
    const int ExpiriesPerClaim = 20;

    /// <summary>The most useful waiting task, now leased to <paramref name="annotator"/>, or null when there is none.</summary>
    public async Task<LabelTask?> ClaimAsync(string? deployment, string annotator, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ReturnExpiredAsync(transaction, cancellationToken);
        var turn = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select nextval('claim_turns')", transaction: transaction, cancellationToken: cancellationToken));
        var first = FramePriority.IsEvaluationTurn(turn, options.Value.EvaluationShare) ? FrameSide.Evaluation : FrameSide.Training;
        var second = first == FrameSide.Evaluation ? FrameSide.Training : FrameSide.Evaluation;
        var id = await NextAsync(transaction, first, deployment, cancellationToken)
            ?? await NextAsync(transaction, second, deployment, cancellationToken);
        var claimed = id is { } task ? await LeaseAsync(transaction, task, annotator, cancellationToken) : null;
        await transaction.CommitAsync(cancellationToken);
        return claimed;
    }

    /// <summary>Tasks whose lease ran out wait again. Done before each claim, so that nothing else has to run for it.</summary>
    async Task ReturnExpiredAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var expired = (await transaction.Connection!.QueryAsync<Guid>(new CommandDefinition(
            "select id from tasks where state = 'Leased' and lease_until <= @now order by lease_until limit @ExpiriesPerClaim for update skip locked",
            new { now, ExpiriesPerClaim }, transaction, cancellationToken: cancellationToken))).AsList();
        foreach (var id in expired)
        {
            var row = (await TaskRow.LockAsync(transaction, id, "", cancellationToken))!;
            var decision = LabelTaskStateMachine.Decide(row.Status, new LabelTaskEvent.LeaseExpired(), now);
            if (decision.Next is not null) await TaskTransition.WriteAsync(transaction, id, row.State, decision, "queue", now, cancellationToken);
        }
    }

    static Task<Guid?> NextAsync(NpgsqlTransaction transaction, FrameSide lane, string? deployment, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteScalarAsync<Guid?>(new CommandDefinition(
            $"""
            select id from tasks where state = 'Waiting' and lane = @lane {(deployment is null ? "" : "and deployment = @deployment")}
            order by rank desc, id limit 1 for update skip locked
            """,
            new { lane = lane.ToString(), deployment }, transaction, cancellationToken: cancellationToken));

    async Task<LabelTask> LeaseAsync(NpgsqlTransaction transaction, Guid id, string annotator, CancellationToken cancellationToken)
    {
        var row = (await TaskRow.LockAsync(transaction, id, annotator, cancellationToken))!;
        var now = time.GetUtcNow();
        var decision = LabelTaskStateMachine.Decide(row.Status, new LabelTaskEvent.Claimed(annotator, Guid.NewGuid(), options.Value.Lease), now);
        await TaskTransition.WriteAsync(transaction, id, row.State, decision, annotator, now, cancellationToken);
        return row.With(decision.Next!).ToTask(annotator, options.Value.PreAnnotationConfidence);
    }
}
