using System.Text.Json;
using Dapper;
using Npgsql;
using RetrainLoop.Contracts;

namespace RetrainLoop.Training.Runs;

/// <summary>The SQL of runs.</summary>
static class RunRows
{
    /// <summary>Inserts a queued run unless its key is known; returns the id that the key has.</summary>
    public static async Task<Guid> InsertAsync(NpgsqlConnection connection, TrainingRunRequest request, DateTimeOffset now, CancellationToken cancellation)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into training_runs (id, key, request, state, created_at)
            values (@id, @Key, @json::jsonb, 'Queued', @now)
            on conflict (key) do nothing
            """,
            new { id = Guid.CreateVersion7(now), request.Key, json = Json(request), now }, cancellationToken: cancellation));
        return await connection.ExecuteScalarAsync<Guid>(new CommandDefinition(
            "select id from training_runs where key = @Key", new { request.Key }, cancellationToken: cancellation));
    }

    public static Task<TrainingRun?> ReadAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation) =>
        SingleAsync(connection, null, "where id = @id", new { id }, cancellation);

    /// <summary>Reads a run and keeps others from changing it until the transaction ends.</summary>
    public static Task<TrainingRun?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid id, CancellationToken cancellation) =>
        SingleAsync(connection, transaction, "where id = @id for update", new { id }, cancellation);

    /// <summary>Locks the oldest run that no living worker holds, passing over those that others are just taking.</summary>
    public static Task<TrainingRun?> LockOpenAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellation) =>
        SingleAsync(
            connection, transaction,
            """
            where state = 'Queued' or (state = 'Running' and lease_until <= @now)
            order by created_at
            limit 1
            for update skip locked
            """,
            new { now }, cancellation);

    public static async Task<IReadOnlyList<TrainingRun>> NewestAsync(NpgsqlConnection connection, int limit, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync<TrainingRun.Row>(new CommandDefinition(
            $"select {TrainingRun.Row.Columns} from training_runs order by created_at desc, id desc limit @limit",
            new { limit }, cancellationToken: cancellation));
        return [.. rows.Select(row => row.ToRun())];
    }

    /// <summary>Epochs of runs in order, by run.</summary>
    public static async Task<ILookup<Guid, EpochInfo>> EpochsAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<Guid> runs, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync<(Guid Run, string Info)>(new CommandDefinition(
            "select run, info from run_epochs where run = any(@ids) order by run, epoch",
            new { ids = runs.ToArray() }, transaction, cancellationToken: cancellation));
        return rows.ToLookup(row => row.Run, row => JsonSerializer.Deserialize<EpochInfo>(row.Info, ContractJson.Options)!);
    }

    /// <summary>Writes an epoch; a run that went on from a checkpoint tells its epochs again, which changes nothing.</summary>
    public static Task SaveEpochAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid run, EpochInfo epoch, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            "insert into run_epochs (run, epoch, info) values (@run, @Epoch, @json::jsonb) on conflict (run, epoch) do update set info = excluded.info",
            new { run, epoch.Epoch, json = Json(epoch) }, transaction, cancellationToken: cancellation));

    public static Task SaveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TrainingRun run, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            update training_runs set state = @State, attempt = @Attempt, worker = @Worker, lease_until = @LeaseUntil, onnx = @onnx::jsonb,
                checkpoint = @checkpoint::jsonb, metrics = @metrics::jsonb, error = @Error, started_at = @StartedAt, finished_at = @FinishedAt
            where id = @Id
            """,
            new
            {
                run.Id, State = run.Standing.State.ToString(), run.Standing.Attempt, run.Standing.Worker, run.Standing.LeaseUntil,
                onnx = Json(run.Results?.Onnx), checkpoint = Json(run.Results?.Checkpoint), metrics = Json(run.Results?.Metrics),
                run.Error, run.StartedAt, run.FinishedAt,
            },
            transaction, cancellationToken: cancellation));

    public static Task SaveTransitionAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TrainingRun before, TrainingRunState to, string reason, string actor, DateTimeOffset now,
        CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            "insert into run_transitions (run, from_state, to_state, reason, actor, at) values (@Id, @from, @to, @reason, @actor, @now)",
            new { before.Id, from = before.Standing.State.ToString(), to = to.ToString(), reason, actor, now }, transaction, cancellationToken: cancellation));

    static async Task<TrainingRun?> SingleAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string condition, object parameters, CancellationToken cancellation)
    {
        var row = await connection.QuerySingleOrDefaultAsync<TrainingRun.Row>(new CommandDefinition(
            $"select {TrainingRun.Row.Columns} from training_runs {condition}", parameters, transaction, cancellationToken: cancellation));
        return row?.ToRun();
    }

    static string? Json<T>(T? value) => value is null ? null : JsonSerializer.Serialize(value, ContractJson.Options);
}
