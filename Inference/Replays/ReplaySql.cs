using Dapper;
using Npgsql;
using NpgsqlTypes;
using RetrainLoop.Inference.Replays.Archives;

namespace RetrainLoop.Inference.Replays;

/// <summary>A replay as it is asked for.</summary>
sealed record NewReplay(
    string Key, string Name, DeploymentInfo Deployment, ModelRef Model, ReplaySource Source, double? BaselineDays, int ChunkSize, string RequestedBy,
    FrameManifest Manifest);

/// <summary>The tables <c>replays</c> and <c>replay_frames</c>, as people and pages see them.</summary>
static class ReplaySql
{
    const string Columns =
        """
        id as Id, key as Key, deployment as Deployment, name as Name, model_name as ModelName, model_version as ModelVersion, state as State,
        frames as Frames, done as Done, unreadable as Unreadable, cameras as Cameras, ignored as Ignored, from_at as FromAt, to_at as ToAt,
        baseline_days as BaselineDays, error as Error, requested_by as RequestedBy, run_started_at as RunStartedAt,
        run_started_done as RunStartedDone, created_at as CreatedAt, finished_at as FinishedAt, source as Source
        """;

    /// <summary>Queues a replay with its frames; the same key gives the one it already made, and one that failed or was cancelled goes on.</summary>
    /// <exception cref="ReplayKeyTakenException">The key belongs to a replay of other frames.</exception>
    public static async Task<ReplayInfo> AddAsync(NpgsqlDataSource database, NewReplay replay, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(now);
        var frames = replay.Manifest.Frames;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var row = await connection.QuerySingleAsync<Row>(new CommandDefinition(
            $"""
            insert into replays (id, key, name, deployment, deployment_info, model_name, model_version, source, baseline_days, state, frames, cameras,
                                 ignored, chunk_size, from_at, to_at, requested_by, created_at)
            values (@id, @Key, @Name, @deployment, @info::jsonb, @modelName, @modelVersion, @source::jsonb, @BaselineDays, 'Queued', @frames,
                    @cameras, @ignored, @ChunkSize, @from, @to, @RequestedBy, @now)
            on conflict (key) do update set
                state = case when replays.state in ('Failed', 'Cancelled') then 'Queued' else replays.state end,
                error = case when replays.state in ('Failed', 'Cancelled') then null else replays.error end,
                finished_at = case when replays.state in ('Failed', 'Cancelled') then null else replays.finished_at end
            returning {Columns}
            """,
            new
            {
                id, replay.Key, replay.Name, deployment = replay.Deployment.Name, info = ContractJson.Write(replay.Deployment), modelName = replay.Model.Name,
                modelVersion = replay.Model.Version, source = ContractJson.Write(replay.Source), replay.BaselineDays, frames = frames.Count,
                cameras = frames.Select(frame => (frame.Region, frame.Camera)).Distinct().Count(), ignored = replay.Manifest.Ignored, replay.ChunkSize,
                from = frames[0].CapturedAt.UtcDateTime, to = ReplayBatch.SecondAfter(frames[^1].CapturedAt).UtcDateTime, replay.RequestedBy,
                now = now.UtcDateTime,
            }, transaction, cancellationToken: cancellationToken));
        if (ContractJson.Read<ReplaySource>(row.Source) != replay.Source)
            throw new ReplayKeyTakenException(
                $"The key '{replay.Key}' belongs to replay {row.Id}, which has other frames. Send these with another key, or delete that replay first.");
        if (row.Id == id) await AddFramesAsync(connection, id, frames, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return row.ToInfo(now);
    }

    public static async Task<ReplayInfo?> FindAsync(NpgsqlDataSource database, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"select {Columns} from replays where id = @id", new { id }, cancellationToken: cancellationToken)))?.ToInfo(now);
    }

    /// <summary>A deployment's replays, newest first.</summary>
    public static async Task<List<ReplayInfo>> ListAsync(
        NpgsqlDataSource database, string deployment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"select {Columns} from replays where deployment = @deployment order by created_at desc limit 100", new { deployment },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToInfo(now))];
    }

    /// <summary>Stops a replay that is not finished.</summary>
    /// <returns>Where its frames are; null when nothing had to be stopped.</returns>
    public static async Task<ReplaySource?> CancelAsync(NpgsqlDataSource database, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var source = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """
            update replays set state = 'Cancelled', finished_at = @now, lease_owner = null, lease_until = null
            where id = @id and state in ('Queued', 'Running') returning source
            """,
            new { id, now = now.UtcDateTime }, cancellationToken: cancellationToken));
        return source is null ? null : ContractJson.Read<ReplaySource>(source);
    }

    /// <returns>Where its frames were; null when there is no such replay.</returns>
    public static async Task<ReplaySource?> DeleteAsync(NpgsqlDataSource database, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var source = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "delete from replays where id = @id returning source", new { id }, cancellationToken: cancellationToken));
        return source is null ? null : ContractJson.Read<ReplaySource>(source);
    }

    /// <summary>Replays that finished before an instant.</summary>
    public static async Task<List<Guid>> FinishedBeforeAsync(NpgsqlDataSource database, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<Guid>(new CommandDefinition(
            "select id from replays where finished_at < @before limit 20", new { before = before.UtcDateTime }, cancellationToken: cancellationToken))).AsList();
    }

    static async Task AddFramesAsync(NpgsqlConnection connection, Guid replay, IReadOnlyList<ManifestFrame> frames, CancellationToken cancellationToken)
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            "copy replay_frames (replay, position, file, region, camera, captured_at) from stdin (format binary)", cancellationToken);
        for (var position = 0; position < frames.Count; position++)
        {
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(replay, NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(position, NpgsqlDbType.Integer, cancellationToken);
            await writer.WriteAsync(frames[position].File, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(frames[position].Region, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(frames[position].Camera, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(frames[position].CapturedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        }
        await writer.CompleteAsync(cancellationToken);
    }

    internal static DateTimeOffset Utc(DateTime at) => DateTime.SpecifyKind(at, DateTimeKind.Utc);

    sealed record Row(
        Guid Id, string Key, string Deployment, string Name, string ModelName, int ModelVersion, string State, int Frames, int Done, int Unreadable,
        int Cameras, int Ignored, DateTime FromAt, DateTime ToAt, double? BaselineDays, string? Error, string RequestedBy, DateTime? RunStartedAt,
        int RunStartedDone, DateTime CreatedAt, DateTime? FinishedAt, string Source)
    {
        public ReplayInfo ToInfo(DateTimeOffset now) => new(
            Id, Key, Deployment, Name, new ModelRef(ModelName, ModelVersion), Enum.Parse<ReplayState>(State), Frames, Done, Unreadable, Cameras, Ignored,
            Utc(FromAt), Utc(ToAt), BaselineDays, EtaSeconds(now), Error, RequestedBy, Utc(CreatedAt), FinishedAt is { } at ? Utc(at) : null);

        double? EtaSeconds(DateTimeOffset now) => State == nameof(ReplayState.Running) && RunStartedAt is { } started && Done > RunStartedDone
            ? Math.Max(0, (now - Utc(started)).TotalSeconds * (Frames - Done) / (Done - RunStartedDone))
            : null;
    }
}
