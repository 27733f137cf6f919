using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Training.Runs;

/// <summary>Runs in the database, moved by the state machine: each event in one transaction with its transition row and what it publishes.</summary>
public sealed class RunQueue(NpgsqlDataSource database, ChangeNudge nudge, TimeProvider time, IOptions<TrainingOptions> options)
{
    /// <summary>Takes the oldest run that no living worker holds.</summary>
    /// <returns>Null when there is nothing to do now.</returns>
    public async Task<TrainingRun?> ClaimAsync(Guid worker, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var now = time.GetUtcNow();
        if (await RunRows.LockOpenAsync(connection, transaction, now, cancellation) is not { } run) return null;
        var claim = new RunEvent.Claim(worker, options.Value.Lease, options.Value.Attempts);
        var (claimed, _) = await MoveAsync(connection, transaction, run, claim, "worker", null, now, cancellation);
        return claimed is { Standing.State: TrainingRunState.Running } ? claimed : null;
    }

    /// <summary>Applies an event.</summary>
    /// <param name="actor">Who or what caused it.</param>
    /// <param name="results">Of a success.</param>
    /// <param name="epochs">Finished ones to keep with it.</param>
    /// <returns>The run after it, or why it does not apply; both null when there is no such run.</returns>
    public async Task<(TrainingRun? Run, string? Refusal)> ApplyAsync(
        Guid id, RunEvent @event, string actor, CancellationToken cancellation, RunResults? results = null, IReadOnlyList<EpochInfo>? epochs = null)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await RunRows.LockAsync(connection, transaction, id, cancellation) is not { } run) return default;
        foreach (var epoch in epochs ?? []) await RunRows.SaveEpochAsync(connection, transaction, id, epoch, cancellation);
        return await MoveAsync(connection, transaction, run, @event, actor, results, time.GetUtcNow(), cancellation);
    }

    /// <summary>Whether a run is over for good.</summary>
    public async Task<bool> IsFinishedAsync(Guid id, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await RunRows.ReadAsync(connection, id, cancellation) is not { Standing.IsFinished: false };
    }

    async Task<(TrainingRun? Run, string? Refusal)> MoveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TrainingRun run, RunEvent @event, string actor, RunResults? results,
        DateTimeOffset now, CancellationToken cancellation)
    {
        var decision = RunStateMachine.Decide(run.Standing, @event, now);
        if (decision is RunDecision.Refused refused) return (null, refused.Reason);
        var next = (RunDecision.Next)decision;
        var standing = next.Standing;
        var moved = run with
        {
            Standing = standing,
            Results = results ?? run.Results,
            Error = standing.State == TrainingRunState.Failed ? next.Reason : null,
            StartedAt = run.StartedAt ?? (standing.State == TrainingRunState.Running ? now : null),
            FinishedAt = standing.IsFinished ? now : null,
        };
        await RunRows.SaveAsync(connection, transaction, moved, cancellation);
        if (next.Reason.Length > 0) await RunRows.SaveTransitionAsync(connection, transaction, run, standing.State, next.Reason, actor, now, cancellation);
        if (standing.IsFinished)
        {
            var epochs = await RunRows.EpochsAsync(connection, transaction, [run.Id], cancellation);
            await ChangeFeed.AppendAsync(
                connection, transaction, ChangeKinds.TrainingRunFinished, run.Id.ToString(), moved.ToInfo([.. epochs[run.Id]]), now, cancellation);
        }
        await transaction.CommitAsync(cancellation);
        if (standing.IsFinished) nudge.Changed();
        return (moved, null);
    }
}
