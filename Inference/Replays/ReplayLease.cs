using Dapper;
using Npgsql;
using RetrainLoop.Inference.Replays.Archives;

namespace RetrainLoop.Inference.Replays;

/// <summary>A replay as its worker needs it.</summary>
/// <param name="Done">Frames that are counted; the next chunk begins here.</param>
sealed record LeasedReplay(
    Guid Id, string Name, DeploymentInfo Deployment, ModelRef Model, ReplaySource Source, double? BaselineDays, int Frames, int Done, int Unreadable,
    int ChunkSize, DateTimeOffset From, DateTimeOffset To);

/// <summary>What a worker does to the replay that it holds.</summary>
static class ReplayLease
{
    /// <summary>Takes the oldest replay that nobody works on.</summary>
    public static async Task<LeasedReplay?> ClaimAsync(
        NpgsqlDataSource database, Guid owner, DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            update replays set state = 'Running', lease_owner = @owner, lease_until = @until, run_started_at = @now, run_started_done = done
            where id = (select id from replays where state = 'Queued' or state = 'Running' and lease_until < @now
                        order by created_at for update skip locked limit 1)
            returning id as Id, name as Name, deployment_info as Deployment, model_name as ModelName, model_version as ModelVersion, source as Source,
                      baseline_days as BaselineDays, frames as Frames, done as Done, unreadable as Unreadable, chunk_size as ChunkSize,
                      from_at as FromAt, to_at as ToAt
            """,
            new { owner, now = now.UtcDateTime, until = (now + lease).UtcDateTime }, cancellationToken: cancellationToken));
        return row?.ToReplay();
    }

    /// <summary>False when the replay is no longer the owner's: cancelled, deleted, or taken over.</summary>
    public static Task<bool> RenewAsync(
        NpgsqlDataSource database, Guid id, Guid owner, DateTimeOffset until, CancellationToken cancellationToken) =>
        ChangeAsync(database, "lease_until = @until", new { id, owner, until = until.UtcDateTime }, cancellationToken);

    /// <summary>Records that Monitor has counted these frames; false when the replay is no longer the owner's.</summary>
    public static Task<bool> AdvanceAsync(
        NpgsqlDataSource database, Guid id, Guid owner, int done, int unreadable, CancellationToken cancellationToken) =>
        ChangeAsync(database, "done = @done, unreadable = @unreadable", new { id, owner, done, unreadable }, cancellationToken);

    /// <summary>Ends the replay; false when it is no longer the owner's.</summary>
    public static Task<bool> FinishAsync(
        NpgsqlDataSource database, Guid id, Guid owner, ReplayState state, string? error, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(database, "state = @state, error = @error, finished_at = @now, lease_owner = null, lease_until = null",
            new { id, owner, state = state.ToString(), error, now = now.UtcDateTime }, cancellationToken);

    /// <summary>Lets another worker go on at once: the owner stops.</summary>
    public static Task<bool> ReleaseAsync(
        NpgsqlDataSource database, Guid id, Guid owner, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(database, "lease_owner = null, lease_until = @before", new { id, owner, before = now.AddSeconds(-1).UtcDateTime }, cancellationToken);

    /// <summary>Frames from a position on, in order.</summary>
    public static async Task<List<ManifestFrame>> FramesAsync(
        NpgsqlDataSource database, Guid id, int from, int count, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<FrameRow>(new CommandDefinition(
            """
            select file as File, region as Region, camera as Camera, captured_at as CapturedAt
            from replay_frames where replay = @id and position >= @from order by position limit @count
            """,
            new { id, from, count }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new ManifestFrame(row.File, row.Region, row.Camera, ReplaySql.Utc(row.CapturedAt)))];
    }

    static async Task<bool> ChangeAsync(NpgsqlDataSource database, string change, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            $"update replays set {change} where id = @id and lease_owner = @owner and state = 'Running'", parameters,
            cancellationToken: cancellationToken)) > 0;
    }

    sealed record FrameRow(string File, string Region, string Camera, DateTime CapturedAt);

    sealed record Row(
        Guid Id, string Name, string Deployment, string ModelName, int ModelVersion, string Source, double? BaselineDays, int Frames, int Done,
        int Unreadable, int ChunkSize, DateTime FromAt, DateTime ToAt)
    {
        public LeasedReplay ToReplay() => new(
            Id, Name, ContractJson.Read<DeploymentInfo>(Deployment), new ModelRef(ModelName, ModelVersion), ContractJson.Read<ReplaySource>(Source),
            BaselineDays, Frames, Done, Unreadable, ChunkSize, ReplaySql.Utc(FromAt), ReplaySql.Utc(ToAt));
    }
}
