using Dapper;
using Npgsql;

namespace RetrainLoop.Labeling.Tasks;

/// <summary>Writes what the state machine decided.</summary>
static class TaskTransition
{
    /// <summary>Updates the task and, when its state changed, inserts the transition. The caller holds the row's lock.</summary>
    public static Task WriteAsync(
        NpgsqlTransaction transaction, Guid task, LabelTaskState from, LabelTaskDecision decision, string actor, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var next = decision.Next ?? throw new InvalidOperationException($"A refusal is not written: {decision.Reason}");
        return transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            with written as (
                update tasks set state = @to, lease = @Lease, lease_until = @LeaseUntil, annotator = @Annotator, revision = @Revision where id = @task
            )
            insert into task_transitions (task, from_state, to_state, reason, actor, at)
            select @task, @from, @to, @Reason, @actor, @now where @from <> @to
            """,
            new
            {
                task, from = from.ToString(), to = next.State.ToString(), next.Lease, next.LeaseUntil, next.Annotator, next.Revision,
                decision.Reason, actor, now,
            },
            transaction, cancellationToken: cancellationToken));
    }
}
