using Dapper;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Monitor.Baselines;

/// <summary>A locked baseline with what it holds.</summary>
public sealed record LockedBaseline(BaselineInfo Info, BaselineContent Content);

/// <summary>The SQL of baselines.</summary>
static class BaselineStore
{
    const string Columns = """
        id as Id, key as Key, deployment as Deployment, model_name as ModelName, model_version as ModelVersion, state as State,
        window_from as "From", counted_until as CountedUntil, locked_at as LockedAt, progress as Progress, requests as Requests,
        detections as Detections, loop_run as LoopRun, mean_average_precision as MeanAveragePrecision
        """;

    internal sealed record Row(
        Guid Id, string Key, string Deployment, string ModelName, int ModelVersion, string State, DateTime From, DateTime CountedUntil,
        DateTime? LockedAt, double Progress, long Requests, long Detections, string? LoopRun, double? MeanAveragePrecision)
    {
        public ModelRef Model => new(ModelName, ModelVersion);

        public BaselineInfo ToInfo() => new(Id, Key, Deployment, Model, Enum.Parse<BaselineState>(State, ignoreCase: true), From, LockedAt,
            Progress, Requests, Detections, LoopRun, MeanAveragePrecision);
    }

    /// <summary>Starts a baseline, or finds the one that the key already made.</summary>
    public static async Task<BaselineInfo> StartAsync(
        NpgsqlDataSource database, string deployment, BaselineRequest request, DateTimeOffset from, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var added = await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into baselines (id, key, deployment, model_name, model_version, state, window_from, counted_until, loop_run)
            values (@id, @Key, @deployment, @Name, @Version, 'collecting', @from, @from, @LoopRun)
            on conflict (key) do nothing
            """,
            new { id = Guid.CreateVersion7(now), request.Key, deployment, request.Model.Name, request.Model.Version, from = from.ToUniversalTime(), request.LoopRun },
            transaction, cancellationToken: cancellationToken));
        var row = await connection.QuerySingleAsync<Row>(new CommandDefinition(
            $"select {Columns} from baselines where key = @Key", new { request.Key }, transaction, cancellationToken: cancellationToken));
        if (added > 0) await TransitAsync(connection, transaction, "", row.ToInfo(), "Asked for.", now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return row.ToInfo();
    }

    /// <summary>A deployment's baselines, newest first.</summary>
    public static async Task<List<BaselineInfo>> ListAsync(NpgsqlDataSource database, string deployment, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"select {Columns} from baselines where deployment = @deployment order by window_from desc limit 100", new { deployment }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToInfo())];
    }

    public static async Task<List<Row>> CollectingAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<Row>(new CommandDefinition(
            $"select {Columns} from baselines where state = 'collecting' order by window_from", transaction: transaction, cancellationToken: cancellationToken))).AsList();

    /// <summary>The baselines that end when this one locks: the locked one, and those that began to collect before it.</summary>
    public static async Task<List<BaselineInfo>> OthersAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Row locking, CancellationToken cancellationToken) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            select {Columns} from baselines
            where deployment = @Deployment and id <> @Id and (state = 'locked' or (state = 'collecting' and window_from <= @From))
            """,
            new { locking.Deployment, locking.Id, locking.From }, transaction, cancellationToken: cancellationToken))).Select(row => row.ToInfo())];

    public static Task SetStateAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid id, BaselineState state, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition("update baselines set state = @state where id = @id",
            new { id, state = state.ToString().ToLowerInvariant() }, transaction, cancellationToken: cancellationToken));

    /// <summary>The deployment's locked baseline, or null.</summary>
    public static Task<LockedBaseline?> FindLockedAsync(NpgsqlDataSource database, string deployment, CancellationToken cancellationToken) =>
        FindAsync(database, "deployment = @deployment and state = 'locked'", new { deployment }, cancellationToken);

    /// <summary>A baseline that is or was locked, or null.</summary>
    public static Task<LockedBaseline?> FindAsync(NpgsqlDataSource database, Guid id, CancellationToken cancellationToken) =>
        FindAsync(database, "id = @id and content is not null", new { id }, cancellationToken);

    static async Task<LockedBaseline?> FindAsync(NpgsqlDataSource database, string condition, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"select {Columns} from baselines where {condition}", parameters, cancellationToken: cancellationToken));
        if (row is null) return null;
        var content = await connection.ExecuteScalarAsync<string>(new CommandDefinition(
            "select content from baselines where id = @Id", new { row.Id }, cancellationToken: cancellationToken));
        return new LockedBaseline(row.ToInfo(), Documents.Read<BaselineContent>(content!));
    }

    /// <summary>Gives a locked baseline the live-holdout mAP it lacks, within the caller's transaction.</summary>
    public static async Task FillMeanAveragePrecisionAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string deployment, ModelRef model, double value, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"""
            update baselines set mean_average_precision = @value
            where deployment = @deployment and model_name = @Name and model_version = @Version and state = 'locked' and mean_average_precision is null
            returning {Columns}
            """,
            new { value, deployment, model.Name, model.Version }, transaction, cancellationToken: cancellationToken));
        if (row is not null) await PublishAsync(connection, transaction, row.ToInfo(), now, cancellationToken);
    }

    /// <summary>Keeps a change of state and publishes it, within the caller's transaction.</summary>
    /// <param name="from">The state before; empty at the start.</param>
    public static async Task TransitAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string from, BaselineInfo baseline, string reason, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into baseline_transitions (baseline, from_state, to_state, reason, actor, at) values (@Id, @from, @to, @reason, 'monitor', @now)",
            new { baseline.Id, from, to = baseline.State.ToString(), reason, now }, transaction, cancellationToken: cancellationToken));
        await PublishAsync(connection, transaction, baseline, now, cancellationToken);
    }

    static Task PublishAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BaselineInfo baseline, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeFeed.AppendAsync(connection, transaction, ChangeKinds.BaselineChanged, baseline.Id.ToString(), baseline, now, cancellationToken);
}
