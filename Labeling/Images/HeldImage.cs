using Dapper;
using Npgsql;

namespace RetrainLoop.Labeling.Images;

/// <summary>The SQL of pictures whose bytes this service holds.</summary>
static class HeldImage
{
    /// <summary>Notes a picture whose bytes are in the blob store; one that had expired is held again. Erased ones stay erased.</summary>
    public static Task InsertAsync(
        NpgsqlTransaction transaction, string sha256, long length, Picture picture, DateTimeOffset now, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into images (sha256, length, width, height, difference_hash, extension, added_at)
            values (@sha256, @length, @Width, @Height, @DifferenceHash::bit(256), @Extension, @now)
            on conflict (sha256) do update set expired_at = null, added_at = excluded.added_at
            """,
            new { sha256, length, picture.Width, picture.Height, picture.DifferenceHash, picture.Extension, now },
            transaction, cancellationToken: cancellationToken));

    public static Task<bool> ExistsAsync(NpgsqlConnection connection, string sha256, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from images where sha256 = @sha256 and expired_at is null and erased_at is null)",
            new { sha256 },
            cancellationToken: cancellationToken));
}
