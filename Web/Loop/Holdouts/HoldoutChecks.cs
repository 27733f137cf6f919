using System.Text.Json;
using Dapper;
using Npgsql;

namespace RetrainLoop.Web.Loop.Holdouts;

/// <summary>One occasion on which a live holdout is renewed and the champion scored on it and on the locked one.</summary>
/// <param name="Occasion">Local time in the deployment's zone, to the minute, or what a person or an annotation batch is known by.</param>
/// <param name="Model">The champion when it began; null before.</param>
/// <param name="Live">The renewed live holdout; null when there are too few frames for one.</param>
/// <param name="Locked">The locked holdout, where there is one.</param>
/// <param name="Diagnose">Whether a diagnosis follows.</param>
public sealed record HoldoutCheck(
    Guid Id, string Deployment, string Occasion, ModelRef? Model, DatasetVersionInfo? Live, DatasetVersionInfo? Locked, bool Diagnose)
{
    public string Key => $"weekly-holdout:{Deployment}:{Occasion}";
}

/// <summary>A check as people see it.</summary>
/// <param name="Done">Images that the champion has run over, of <paramref name="Total"/>.</param>
/// <param name="Evaluation">On the live holdout.</param>
public sealed record HoldoutCheckInfo(
    Guid Id, string Deployment, string Occasion, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, int Done, int Total, string? Outcome,
    Guid? Evaluation, Guid? LockedEvaluation);

/// <summary>The checks in webdb.</summary>
public sealed class HoldoutChecks(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>The same occasion is noted once.</summary>
    /// <param name="diagnose">Whether a diagnosis follows.</param>
    public Task AddAsync(string deployment, string occasion, bool diagnose, CancellationToken cancellationToken) => ExecuteAsync(
        """
        insert into holdout_checks (id, deployment, occasion, created_at, diagnose) values (@id, @deployment, @occasion, @now, @diagnose)
        on conflict do nothing
        """,
        new { id = Guid.CreateVersion7(), deployment, occasion, diagnose, now = time.GetUtcNow().UtcDateTime }, cancellationToken);

    public async Task<IReadOnlyList<HoldoutCheck>> OpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select id as Id, deployment as Deployment, occasion as Occasion, model as Model, dataset as Live, locked as Locked, diagnose as Diagnose
            from holdout_checks where finished_at is null order by created_at
            """,
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToCheck())];
    }

    public async Task<bool> AnyOpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from holdout_checks where finished_at is null)", cancellationToken: cancellationToken));
    }

    /// <summary>A deployment's checks, newest first.</summary>
    public async Task<IReadOnlyList<HoldoutCheckInfo>> ListAsync(string deployment, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<InfoRow>(new CommandDefinition(
            """
            select id as Id, deployment as Deployment, occasion as Occasion, created_at as CreatedAt, finished_at as FinishedAt, done as Done, total as Total,
                outcome as Outcome, evaluation as Evaluation, locked_evaluation as LockedEvaluation
            from holdout_checks where deployment = @deployment order by created_at desc limit @limit
            """,
            new { deployment, limit }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new HoldoutCheckInfo(
            row.Id, row.Deployment, row.Occasion, row.CreatedAt, row.FinishedAt, row.Done, row.Total, row.Outcome, row.Evaluation, row.LockedEvaluation))];
    }

    /// <summary>Keeps what is scored, so that a later turn scores the same.</summary>
    public async Task<HoldoutCheck> PinAsync(HoldoutCheck check, ModelRef model, HoldoutsInfo holdouts, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            "update holdout_checks set model = @model::jsonb, dataset = @live::jsonb, locked = @locked::jsonb, total = @total where id = @Id",
            new
            {
                check.Id, model = Write(model), live = Write(holdouts.Live), locked = Write(holdouts.Locked),
                total = (holdouts.Live?.Images ?? 0) + (holdouts.Locked?.Images ?? 0),
            },
            cancellationToken);
        return check with { Model = model, Live = holdouts.Live, Locked = holdouts.Locked };
    }

    public Task ProgressAsync(HoldoutCheck check, int done, CancellationToken cancellationToken) => ExecuteAsync(
        "update holdout_checks set done = @done where id = @Id", new { check.Id, done }, cancellationToken);

    /// <param name="live">The evaluation on the live holdout.</param>
    public Task FinishAsync(HoldoutCheck check, Guid? live, Guid? locked, string outcome, CancellationToken cancellationToken) => ExecuteAsync(
        "update holdout_checks set evaluation = @live, locked_evaluation = @locked, outcome = @outcome, finished_at = @now where id = @Id",
        new { check.Id, live, locked, outcome, now = time.GetUtcNow().UtcDateTime }, cancellationToken);

    async Task ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }

    static string? Write<T>(T? document) => document is null ? null : JsonSerializer.Serialize(document, ContractJson.Options);

    static T? Read<T>(string? json) where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json, ContractJson.Options);

    sealed record Row(Guid Id, string Deployment, string Occasion, string? Model, string? Live, string? Locked, bool Diagnose)
    {
        public HoldoutCheck ToCheck() => new(
            Id, Deployment, Occasion, Read<ModelRef>(Model), Read<DatasetVersionInfo>(Live), Read<DatasetVersionInfo>(Locked), Diagnose);
    }

    sealed record InfoRow(
        Guid Id, string Deployment, string Occasion, DateTime CreatedAt, DateTime? FinishedAt, int Done, int Total, string? Outcome, Guid? Evaluation,
        Guid? LockedEvaluation);
}
