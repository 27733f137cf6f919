using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Labeling.Annotations;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Labeling.Tasks;

/// <summary>What became of a call on a task: the task as it is now, or why the call was refused. Both null = there is no such task.</summary>
sealed record TaskOutcome(LabelTask? Task, LabelTaskRefusal? Refusal = null, string? Reason = null, bool Invalid = false);

/// <summary>What annotators do with a task that they hold. Whatever is refused, the annotator's newest boxes stay as their draft.</summary>
sealed class TaskWork(NpgsqlDataSource database, IOptions<QueueOptions> queue, IOptions<ReviewOptions> review, TimeProvider time, ChangeNudge nudge)
{
    public async Task<TaskOutcome> FindAsync(Guid id, string reader, CancellationToken cancellationToken)
    {
        var row = await FindRowAsync(id, reader, cancellationToken);
        return new TaskOutcome(row?.ToTask(reader, queue.Value.PreAnnotationConfidence));
    }

    public Task<TaskOutcome> RenewAsync(Guid id, Guid lease, string annotator, CancellationToken cancellationToken) =>
        ChangeAsync(id, annotator, new LabelTaskEvent.Renewed(lease, queue.Value.Lease), null, cancellationToken);

    public Task<TaskOutcome> SkipAsync(Guid id, Guid lease, string reason, string annotator, CancellationToken cancellationToken) =>
        ChangeAsync(id, annotator, new LabelTaskEvent.Skipped(lease, reason), null, cancellationToken);

    public Task<TaskOutcome> SaveDraftAsync(Guid id, LabelSubmission draft, string annotator, CancellationToken cancellationToken) =>
        ChangeAsync(id, annotator, new LabelTaskEvent.DraftSaved(draft.Lease), draft.Boxes, cancellationToken);

    public async Task<TaskOutcome> SubmitAsync(
        Guid id, LabelSubmission submission, int revision, string annotator, CancellationToken cancellationToken)
    {
        if (await FindRowAsync(id, annotator, cancellationToken) is not { } row) return new TaskOutcome(null);
        var (boxes, problem) = LabelBoxes.Check(submission.Boxes, row.ClassNames, row.Width, row.Height);
        if (boxes is null) return new TaskOutcome(null, Reason: problem, Invalid: true);
        return await ChangeAsync(id, annotator, new LabelTaskEvent.Submitted(submission.Lease, revision, review.Value.Required), boxes, cancellationToken);
    }

    async Task<TaskRow?> FindRowAsync(Guid id, string reader, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await TaskRow.FindAsync(connection, id, reader, cancellationToken);
    }

    async Task<TaskOutcome> ChangeAsync(
        Guid id, string annotator, LabelTaskEvent happened, IReadOnlyList<LabelBox>? boxes, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await TaskRow.LockAsync(transaction, id, annotator, cancellationToken) is not { } row) return new TaskOutcome(null);
        var now = time.GetUtcNow();
        var decision = LabelTaskStateMachine.Decide(row.Status, happened, now);
        // A stale call must not overwrite the newer draft; any other refusal keeps what came with it.
        if (boxes is not null && decision.Refusal != LabelTaskRefusal.Stale)
            await SaveDraftAsync(transaction, id, annotator, boxes, now, cancellationToken);
        if (decision.Next is { } next)
        {
            await TaskTransition.WriteAsync(transaction, id, row.State, decision, annotator, now, cancellationToken);
            if (happened is LabelTaskEvent.Submitted) await TakeBoxesAsync(transaction, row, boxes!, annotator, cancellationToken);
            if (next.State == LabelTaskState.Accepted) await Annotation.AcceptAsync(transaction, row, boxes!, annotator, now, cancellationToken);
        }
        var after = await TaskRow.FindAsync(connection, id, annotator, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (decision.Next?.State == LabelTaskState.Accepted) nudge.Changed();
        return new TaskOutcome(after!.ToTask(annotator, queue.Value.PreAnnotationConfidence), decision.Refusal, decision.Reason);
    }

    static Task SaveDraftAsync(
        NpgsqlTransaction transaction, Guid task, string annotator, IReadOnlyList<LabelBox> boxes, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into drafts (task, annotator, boxes, saved_at) values (@task, @annotator, @json::jsonb, @now)
            on conflict (task, annotator) do update set boxes = excluded.boxes, saved_at = excluded.saved_at
            """,
            new { task, annotator, json = JsonSerializer.Serialize(boxes, ContractJson.Options), now },
            transaction, cancellationToken: cancellationToken));

    /// <summary>The draft becomes what the task holds.</summary>
    static Task TakeBoxesAsync(
        NpgsqlTransaction transaction, TaskRow row, IReadOnlyList<LabelBox> boxes, string annotator, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update tasks set boxes = @json::jsonb where id = @Id;
            delete from drafts where task = @Id and annotator = @annotator
            """,
            new { row.Id, annotator, json = JsonSerializer.Serialize(boxes, ContractJson.Options) },
            transaction, cancellationToken: cancellationToken));
}
