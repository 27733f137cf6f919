using System.Text.Json;
using Dapper;
using Npgsql;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Inference.DetectionJobs;

/// <summary>A job as its worker needs it. <paramref name="Images"/> is null until the manifest was read.</summary>
/// <param name="ChunkSize">Images of each chunk, from its first one to its last.</param>
sealed record DetectionJob(Guid Id, DetectionJobRequest Request, IReadOnlyList<ManifestImage>? Images, int ChunkSize);

/// <summary>A job as it is stored, so that one that cannot be read can still be told to have failed.</summary>
sealed record ClaimedJob(Guid Id, string Request, string? Images, int ChunkSize)
{
    /// <exception cref="JsonException">Another version of the service wrote it.</exception>
    public DetectionJob Read() => new(
        Id, ContractJson.Read<DetectionJobRequest>(Request), Images is null ? null : ContractJson.Read<List<ManifestImage>>(Images), ChunkSize);
}

/// <summary>The tables <c>detection_jobs</c> and <c>detection_job_chunks</c>.</summary>
static class DetectionJobSql
{
    const string Columns =
        """
        id as Id, request as Request, state as State, total as Total, done as Done, result as Result, error as Error,
        created_at as CreatedAt, finished_at as FinishedAt
        """;

    /// <summary>Queues a job; the same key gives the job it already made.</summary>
    public static async Task<DetectionJobInfo> AddAsync(
        NpgsqlDataSource database, DetectionJobRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleAsync<Row>(new CommandDefinition(
            $"""
            insert into detection_jobs (id, key, request, images, state, total, created_at)
            values (@id, @Key, @request::jsonb, @images::jsonb, 'Queued', @total, @now)
            on conflict (key) do nothing;
            select {Columns} from detection_jobs where key = @Key
            """,
            new
            {
                id = Guid.CreateVersion7(now), request.Key, request = ContractJson.Write(request with { Images = null }),
                    images = request.Images is null ? null : ContractJson.Write(request.Images),
                total = request.Images?.Count ?? 0, now = now.UtcDateTime,
            }, cancellationToken: cancellationToken));
        return row.ToInfo();
    }

    public static async Task<DetectionJobInfo?> FindAsync(NpgsqlDataSource database, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"select {Columns} from detection_jobs where id = @id", new { id }, cancellationToken: cancellationToken)))?.ToInfo();
    }

    /// <summary>Takes the oldest job that nobody works on.</summary>
    /// <param name="chunkSize">Of a job that was not begun yet.</param>
    public static async Task<ClaimedJob?> ClaimAsync(
        NpgsqlDataSource database, Guid owner, int chunkSize, DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ClaimedJob>(new CommandDefinition(
            """
            update detection_jobs set state = 'Running', lease_owner = @owner, lease_until = @until,
                   chunk_size = coalesce(chunk_size, (select max(images) from detection_job_chunks where job = detection_jobs.id), @chunkSize)
            where id = (select id from detection_jobs where state = 'Queued' or state = 'Running' and lease_until < @now
                        order by created_at for update skip locked limit 1)
            returning id as Id, request as Request, images as Images, chunk_size as ChunkSize
            """,
            new { owner, chunkSize, now = now.UtcDateTime, until = (now + lease).UtcDateTime }, cancellationToken: cancellationToken));
    }

    /// <summary>False when the job is no longer the owner's: cancelled, or taken over.</summary>
    public static async Task<bool> RenewAsync(
        NpgsqlDataSource database, Guid id, Guid owner, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "update detection_jobs set lease_until = @until where id = @id and lease_owner = @owner and state = 'Running'",
            new { id, owner, until = until.UtcDateTime }, cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>Lets somebody else go on at once: the owner stops.</summary>
    public static async Task ReleaseAsync(
        NpgsqlDataSource database, Guid id, Guid owner, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update detection_jobs set lease_owner = null, lease_until = @before where id = @id and lease_owner = @owner and state = 'Running'",
            new { id, owner, before = now.AddSeconds(-1).UtcDateTime }, cancellationToken: cancellationToken));
    }

    /// <summary>Removes jobs that finished before a time, with the comparisons made of them.</summary>
    /// <returns>Their results.</returns>
    public static async Task<IReadOnlyList<string>> ForgetAsync(
        NpgsqlDataSource database, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var results = await connection.QueryAsync<string?>(new CommandDefinition(
            "delete from detection_jobs where finished_at < @before returning result ->> 'sha256'", new { before = before.UtcDateTime },
            cancellationToken: cancellationToken));
        return [.. results.OfType<string>().Distinct()];
    }

    public static async Task SaveImagesAsync(
        NpgsqlDataSource database, Guid id, IReadOnlyList<ManifestImage> images, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update detection_jobs set images = @images::jsonb, total = @total where id = @id",
            new { id, images = ContractJson.Write(images), total = images.Count },
            cancellationToken: cancellationToken));
    }

    public static async Task<IReadOnlySet<int>> FinishedChunksAsync(NpgsqlDataSource database, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<int>(new CommandDefinition(
            "select chunk from detection_job_chunks where job = @id", new { id }, cancellationToken: cancellationToken))).ToHashSet();
    }

    /// <summary>Keeps a chunk and the progress it makes; false when the job is no longer the owner's.</summary>
    public static async Task<bool> SaveChunkAsync(
        NpgsqlDataSource database, Guid id, Guid owner, int chunk, int images, byte[] detections, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            with mine as (select id from detection_jobs where id = @id and lease_owner = @owner and state = 'Running' for update),
                 kept as (insert into detection_job_chunks (job, chunk, images, detections) select id, @chunk, @images, @detections from mine
                          on conflict do nothing returning images)
            update detection_jobs set done = done + coalesce((select images from kept), 0) from mine where detection_jobs.id = mine.id
            """,
            new { id, owner, chunk, images, detections }, cancellationToken: cancellationToken)) > 0;
    }

    public static async Task<byte[]> ReadChunkAsync(NpgsqlConnection connection, Guid id, int chunk, CancellationToken cancellationToken) =>
        await connection.ExecuteScalarAsync<byte[]>(new CommandDefinition(
            "select detections from detection_job_chunks where job = @id and chunk = @chunk", new { id, chunk },
            cancellationToken: cancellationToken))
        ?? throw new InvalidOperationException($"Chunk {chunk} of detection job {id} is missing.");

    /// <summary>Ends a job that is not finished yet and publishes it; null when it was finished, or is no longer the owner's.</summary>
    /// <param name="owner">The worker that ends it; null = a person, whoever works on it.</param>
    public static async Task<DetectionJobInfo?> FinishAsync(
        NpgsqlDataSource database, Guid id, Guid? owner, DetectionJobState state, ArtifactRef? result, string? error, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"""
            update detection_jobs set state = @state, result = @result::jsonb, error = @error, finished_at = @now,
                   lease_owner = null, lease_until = null
            where id = @id and state in ('Queued', 'Running') and (@owner::uuid is null or lease_owner = @owner)
            returning {Columns}
            """,
            new { id, owner, state = state.ToString(), result = result is null ? null : ContractJson.Write(result), error, now = now.UtcDateTime }, transaction,
            cancellationToken: cancellationToken));
        if (row is null) return null;
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from detection_job_chunks where job = @id", new { id }, transaction, cancellationToken: cancellationToken));
        var info = row.ToInfo();
        await ChangeFeed.AppendAsync(connection, transaction, ChangeKinds.DetectionJobFinished, id.ToString(), info, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return info;
    }

    sealed record Row(Guid Id, string Request, string State, int Total, int Done, string? Result, string? Error, DateTime CreatedAt,
        DateTime? FinishedAt)
    {
        public DetectionJobInfo ToInfo()
        {
            var request = ContractJson.Read<DetectionJobRequest>(Request);
            return new DetectionJobInfo(
                Id, request.Key, request.Model, request.Purpose, request.Deployment, Enum.Parse<DetectionJobState>(State), Total, Done,
                Result is null ? null : ContractJson.Read<ArtifactRef>(Result), Error, Utc(CreatedAt), FinishedAt is { } at ? Utc(at) : null);
        }

        static DateTimeOffset Utc(DateTime at) => DateTime.SpecifyKind(at, DateTimeKind.Utc);
    }
}
