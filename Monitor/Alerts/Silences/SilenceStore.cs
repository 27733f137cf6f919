using Dapper;
using Npgsql;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Silences;

/// <summary>The SQL of silences.</summary>
static class SilenceStore
{
    sealed record Row(
        Guid Id, Guid? Rule, string? Deployment, string? Region, string? Camera, string? Class, DateTime StartsAt, DateTime EndsAt, string Author, string Comment)
    {
        public Silence ToSilence() => new(Id, Rule, Deployment, Region, Camera, Class, StartsAt, EndsAt, Author, Comment);
    }

    /// <summary>Silences that end after an instant, the one that ends first at the front.</summary>
    public static async Task<List<Silence>> ListAsync(NpgsqlConnection connection, DateTimeOffset endsAfter, CancellationToken cancellationToken) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select id as Id, rule as Rule, deployment as Deployment, region as Region, camera as Camera, class as Class, starts_at as StartsAt,
                ends_at as EndsAt, author as Author, comment as Comment
            from silences where ends_at > @endsAfter order by ends_at
            """,
            new { endsAfter = endsAfter.ToUniversalTime() }, cancellationToken: cancellationToken))).Select(row => row.ToSilence())];

    public static async Task AddAsync(NpgsqlDataSource database, Silence silence, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into silences (id, rule, deployment, region, camera, class, starts_at, ends_at, author, comment)
            values (@Id, @Rule, @Deployment, @Region, @Camera, @Class, @startsAt, @endsAt, @Author, @Comment)
            """,
            new
            {
                silence.Id, silence.Rule, silence.Deployment, silence.Region, silence.Camera, silence.Class, silence.Author, silence.Comment,
                startsAt = silence.StartsAt.ToUniversalTime(), endsAt = silence.EndsAt.ToUniversalTime(),
            },
            cancellationToken: cancellationToken));
    }

    /// <returns>False when there is no such silence, or it is over.</returns>
    public static async Task<bool> EndAsync(NpgsqlDataSource database, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "update silences set ends_at = @now, starts_at = least(starts_at, @now) where id = @id and ends_at > @now", new { id, now }, cancellationToken: cancellationToken)) > 0;
    }
}
