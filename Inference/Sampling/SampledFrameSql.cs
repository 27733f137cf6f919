using System.Text.Json;
using Dapper;
using Npgsql;

namespace RetrainLoop.Inference.Sampling;

/// <summary>A page of frames, oldest first. Pass <paramref name="Next"/> as <c>after</c>; null = this was the last.</summary>
public sealed record FramePage(IReadOnlyList<SampledFrame> Frames, long? Next);

/// <summary>The table <c>sampled_frames</c>.</summary>
static class SampledFrameSql
{
    /// <returns>False when the frame was written before.</returns>
    public static async Task<bool> InsertAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, SampledFrame frame,
        CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into sampled_frames (id, deployment, camera, reason, sha256, length, sampled_at, captured_at, info)
            values (@Id, @Deployment, @Camera, @reason, @Sha256, @Length, @at, @captured, @info::jsonb)
            on conflict (id) do nothing
            """,
            new
            {
                frame.Id, frame.Deployment, frame.Camera, reason = NameOf(frame.Reason),
                frame.Image.Sha256, frame.Image.Length, at = frame.SampledAt.UtcDateTime,
                captured = frame.CapturedAt.UtcDateTime,
                info = JsonSerializer.Serialize(frame, ContractJson.Options),
            }, transaction, cancellationToken: cancellationToken)) > 0;

    public static async Task<SampledFrame?> FindAsync(NpgsqlDataSource database, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var json = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select info from sampled_frames where id = @id", new { id }, cancellationToken: cancellationToken));
        return json is null ? null : Read(json);
    }

    public static async Task<FramePage> ListAsync(
        NpgsqlDataSource database, string deployment, long after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<(long Position, string Info)>(new CommandDefinition(
            """
            select position, info from sampled_frames
            where deployment = @deployment and position > @after and expired_at is null order by position limit @limit
            """,
            new { deployment, after, limit }, cancellationToken: cancellationToken))).ToList();
        return new FramePage([.. rows.Select(row => Read(row.Info))], rows.Count == limit ? rows[^1].Position : null);
    }

    /// <summary>
    /// Frames that are older than <paramref name="before"/>, or for which there is no room behind newer ones. Those kept for embeddings alone make room first:
    /// their embedding stays in the row, while a frame that nobody labelled yet is lost.
    /// </summary>
    public static async Task<IReadOnlyList<(Guid Id, string Sha256)>> ExpiredAsync(
        NpgsqlDataSource database, DateTimeOffset before, long maxBytes, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<(Guid, string)>(new CommandDefinition(
            """
            select id, sha256 from (
                select id, sha256, sampled_at, sum(length) over (order by reason = 'embeddingOnly', position desc) as with_dearer
                from sampled_frames where expired_at is null
            ) kept
            where sampled_at < @before or with_dearer > @maxBytes
            """,
            new { before = before.UtcDateTime, maxBytes }, cancellationToken: cancellationToken))];
    }

    /// <summary>Marks frames as expired, and names their blobs.</summary>
    public static async Task<IReadOnlyList<string>> ExpireAsync(
        NpgsqlDataSource database, IReadOnlyList<Guid> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<string>(new CommandDefinition(
            """
            with expired as (update sampled_frames set expired_at = @now where id = any(@ids) returning sha256)
            select distinct sha256 from expired
            """,
            new { ids = ids.ToArray(), now = now.UtcDateTime }, cancellationToken: cancellationToken))];
    }

    /// <summary>Deletes the rows of expired frames that were kept for embeddings alone before a time. No task or dataset descends from them.</summary>
    public static async Task<int> DeleteEmbeddingOnlyAsync(NpgsqlDataSource database, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "delete from sampled_frames where reason = 'embeddingOnly' and expired_at is not null and sampled_at < @before",
            new { before = before.UtcDateTime }, cancellationToken: cancellationToken));
    }

    /// <summary>How the table calls a reason.</summary>
    public static string NameOf(SampleReason reason) => JsonNamingPolicy.CamelCase.ConvertName(reason.ToString());

    static SampledFrame Read(string json) => JsonSerializer.Deserialize<SampledFrame>(json, ContractJson.Options)!;
}
