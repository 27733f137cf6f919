using Dapper;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Replays;

/// <summary>The SQL of replays and their periods.</summary>
static class ReplayStore
{
    const string Columns = """
        id as Id, start as Start, from_at as FromAt, to_at as ToAt, baseline_until as BaselineUntil, last_sequence as LastSequence, watermark as Watermark,
        judged_until as JudgedUntil
        """;

    sealed record Row(
        Guid Id, string Start, DateTime FromAt, DateTime ToAt, DateTime BaselineUntil, long LastSequence, DateTime Watermark, DateTime JudgedUntil)
    {
        public Replay ToReplay() => new(Id, Documents.Read<ReplayStart>(Start), FromAt, ToAt, BaselineUntil, LastSequence, Watermark, JudgedUntil);
    }

    /// <summary>Begins a replay; one that has begun before is left as it is.</summary>
    public static async Task BeginAsync(NpgsqlDataSource database, Guid id, ReplayStart start, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(start.Deployment.Zone);
        var from = start.From.ToUniversalTime().Floor(Resolutions.Minute);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into replays (id, deployment, start, from_at, to_at, baseline_until, watermark, judged_until, received_at)
            values (@id, @deployment, @start::jsonb, @from, @to, @baselineUntil, @from, @from, @now) on conflict (id) do nothing
            """,
            new
            {
                id, deployment = start.Deployment.Name, start = Documents.Write(start), from, to = start.To.ToUniversalTime(),
                baselineUntil = ReplayPeriods.BaselineEnd(from, start.To, start.BaselineDays, zone).ToUniversalTime(), now,
            }, cancellationToken: cancellationToken));
    }

    public static async Task<Replay?> FindAsync(NpgsqlDataSource database, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"select {Columns} from replays where id = @id", new { id }, cancellationToken: cancellationToken)))?.ToReplay();
    }

    /// <summary>Reads a replay and keeps other batches of it waiting until the transaction ends.</summary>
    public static async Task<Replay?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid id, CancellationToken cancellationToken) =>
        (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"select {Columns} from replays where id = @id for update", new { id }, transaction, cancellationToken: cancellationToken)))?.ToReplay();

    public static Task AdvanceAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid id, TelemetryBatch batch, DateTimeOffset now, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "update replays set last_sequence = @Sequence, watermark = greatest(watermark, @watermark), received_at = @now where id = @id",
            new { id, batch.Sequence, watermark = batch.Watermark.ToUniversalTime(), now }, transaction, cancellationToken: cancellationToken));

    /// <summary>Replays with something counted that is not judged.</summary>
    public static async Task<List<Replay>> UnjudgedAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"select {Columns} from replays where judged_until < least(watermark, to_at) order by received_at limit 20", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToReplay())];
    }

    public static async Task<ReplayJudgement?> JudgementAsync(NpgsqlDataSource database, Guid id, CancellationToken cancellationToken) =>
        await Documents.FirstAsync<ReplayJudgement>(
            database, "select judgement from replays where id = @id and judgement is not null", new { id }, cancellationToken);

    /// <summary>Keeps a judged period, unless somebody else judged it meanwhile.</summary>
    public static async Task KeepAsync(
        NpgsqlDataSource database, Guid id, ReplayPeriod period, ReplayJudgement judgement, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            with mine as (update replays set judged_until = @to, judgement = @judgement::jsonb where id = @id and judged_until = @from returning id)
            insert into replay_periods (replay, from_at, period) select id, @from, @period::jsonb from mine
            """,
            new
            {
                id, from = period.From.ToUniversalTime(), to = period.To.ToUniversalTime(), judgement = Documents.Write(judgement),
                period = Documents.Write(period),
            }, cancellationToken: cancellationToken));
    }

    /// <summary>The judged periods of a replay in order.</summary>
    public static Task<List<ReplayPeriod>> PeriodsAsync(NpgsqlDataSource database, Guid id, CancellationToken cancellationToken) =>
        Documents.ListAsync<ReplayPeriod>(database, "select period from replay_periods where replay = @id order by from_at", new { id }, cancellationToken);

    /// <returns>False when there is no such replay.</returns>
    public static async Task<bool> DeleteAsync(NpgsqlDataSource database, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "delete from replays where id = @id", new { id }, cancellationToken: cancellationToken)) > 0;
    }

    public static async Task DeleteBeforeAsync(NpgsqlDataSource database, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from replays where received_at < @before", new { before }, cancellationToken: cancellationToken));
    }
}
