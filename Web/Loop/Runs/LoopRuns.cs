using Dapper;
using Npgsql;

namespace RetrainLoop.Web.Loop.Runs;

/// <summary>The passes of the loop in webdb. Events go through <see cref="LoopRunState"/> under a row lock, so that a person and an arrow never cross.</summary>
public sealed class LoopRuns(NpgsqlDataSource database, PulseSignal pulse, TimeProvider time)
{
    public const string StackActor = "stack";

    // Of the passes that wait for a person, only those about a rollout can be moved by anything else: the rollout itself.
    const string OnStages = "not closed and stage = any(@stages) and (stage <> 'WaitingForPerson' or asked_in = 'RollingOut')";

    public Task<LoopRun?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        SingleAsync("where id = @id", new { id }, cancellationToken);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<LoopRun>> ListAsync(string? deployment, int limit, CancellationToken cancellationToken) =>
        QueryAsync(
            "where @deployment::text is null or deployment = @deployment order by created_at desc limit @limit", new { deployment, limit },
            cancellationToken);

    /// <summary>The passes that an arrow of these stages may move.</summary>
    public Task<IReadOnlyList<LoopRun>> InAsync(IReadOnlyList<LoopRunStage> stages, CancellationToken cancellationToken) =>
        QueryAsync($"where {OnStages} order by created_at", Names(stages), cancellationToken);

    public async Task<bool> AnyInAsync(IReadOnlyList<LoopRunStage> stages, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            $"select exists (select from loop_runs where {OnStages})", Names(stages), cancellationToken: cancellationToken));
    }

    public Task<LoopRun?> FindActiveAsync(string deployment, CancellationToken cancellationToken) =>
        SingleAsync("where deployment = @deployment and finished_at is null", new { deployment }, cancellationToken);

    public Task<LoopRun?> FindLastFinishedAsync(string deployment, CancellationToken cancellationToken) =>
        SingleAsync("where deployment = @deployment and finished_at is not null order by finished_at desc limit 1", new { deployment }, cancellationToken);

    public async Task<IReadOnlyList<LoopRunTransition>> TransitionsAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<LoopRunRows.Transition>(new CommandDefinition(
            """
            select from_stage as FromStage, to_stage as ToStage, reason as Reason, actor as Actor, at as At
            from loop_run_transitions where loop_run = @id order by id
            """,
            new { id }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToTransition())];
    }

    /// <summary>Begins a pass.</summary>
    /// <param name="triggerKey">What began it; the same trigger begins one pass only. Null for a person.</param>
    /// <returns>False when the deployment has an active pass already, or the trigger began one before.</returns>
    public async Task<bool> BeginAsync(LoopRun run, string? triggerKey, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var inserted = await connection.ExecuteAsync(new CommandDefinition(
            LoopRunRows.Insert, LoopRunRows.Parameters(run, triggerKey), transaction, cancellationToken: cancellationToken));
        if (inserted == 0) return false;
        await RecordAsync(connection, transaction, run.Id, null, run.State, run.Reason, run.StartedBy, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        pulse.Wake();
        return true;
    }

    /// <summary>Lets an event happen to a pass, and what is known because of it be remembered with it.</summary>
    public async Task<LoopRunOutcome> ApplyAsync(
        Guid id, LoopRunEvent happened, string actor, CancellationToken cancellationToken, Func<LoopRunLineage, LoopRunLineage>? learned = null)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var run = await LockAsync(connection, transaction, id, cancellationToken);
        var now = time.GetUtcNow();
        var outcome = LoopRunState.Apply(run.State, happened, now);
        if (outcome.Next is not { } next) return outcome;
        var changed = run with
        {
            State = next, Lineage = learned is null ? run.Lineage : learned(run.Lineage), Progress = null, Hold = null,
            FinishedAt = LoopRunState.IsFinal(next.Stage) ? now : null,
        };
        await connection.ExecuteAsync(
            new CommandDefinition(LoopRunRows.Update, LoopRunRows.Parameters(changed, null), transaction, cancellationToken: cancellationToken));
        await RecordAsync(connection, transaction, id, run.State.Stage, next, outcome.Reason, actor, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        pulse.Wake();
        return outcome;
    }

    /// <summary>Remembers something about a pass without moving it.</summary>
    public async Task<LoopRun> NoteAsync(Guid id, Func<LoopRun, LoopRun> note, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var run = await LockAsync(connection, transaction, id, cancellationToken);
        var noted = note(run) with { State = run.State, FinishedAt = run.FinishedAt };
        if (noted == run) return run;
        await connection.ExecuteAsync(
            new CommandDefinition(LoopRunRows.Update, LoopRunRows.Parameters(noted, null), transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return noted;
    }

    static object Names(IReadOnlyList<LoopRunStage> stages) => new { stages = stages.Select(stage => stage.ToString()).ToArray() };

    static async Task<LoopRun> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid id, CancellationToken cancellationToken) =>
        (await connection.QuerySingleAsync<LoopRunRows.Row>(new CommandDefinition(
            $"{LoopRunRows.Select} where id = @id for update", new { id }, transaction, cancellationToken: cancellationToken))).ToRun();

    Task RecordAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid id, LoopRunStage? from, LoopRunState to, string reason, string actor,
        CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "insert into loop_run_transitions (loop_run, from_stage, to_stage, reason, actor, at) values (@id, @from, @to, @reason, @actor, @at)",
            new { id, from = from?.ToString(), to = to.Stage.ToString(), reason, actor, at = to.Since.UtcDateTime }, transaction,
            cancellationToken: cancellationToken));

    async Task<LoopRun?> SingleAsync(string where, object parameters, CancellationToken cancellationToken) =>
        (await QueryAsync(where, parameters, cancellationToken)).FirstOrDefault();

    async Task<IReadOnlyList<LoopRun>> QueryAsync(string where, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<LoopRunRows.Row>(
            new CommandDefinition($"{LoopRunRows.Select} {where}", parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToRun())];
    }
}
