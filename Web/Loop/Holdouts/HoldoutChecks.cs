using System.Text.Json;
using Dapper;
using Npgsql;

namespace RetrainLoop.Web.Loop.Holdouts;

/// <summary>One occasion on which a live holdout is renewed and the champion scored on it.</summary>
/// <param name="Occasion">Local time in the deployment's zone, to the minute.</param>
/// <param name="Dataset">The renewed holdout; null before.</param>
public sealed record HoldoutCheck(Guid Id, string Deployment, string Occasion, ModelRef? Model, DatasetVersionInfo? Dataset);

/// <summary>The checks in webdb.</summary>
public sealed class HoldoutChecks(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>The same occasion is noted once.</summary>
    public Task AddAsync(string deployment, string occasion, CancellationToken cancellationToken) => ExecuteAsync(
        "insert into holdout_checks (id, deployment, occasion, created_at) values (@id, @deployment, @occasion, @now) on conflict do nothing",
        new { id = Guid.CreateVersion7(), deployment, occasion, now = time.GetUtcNow().UtcDateTime }, cancellationToken);

    public async Task<IReadOnlyList<HoldoutCheck>> OpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select id as Id, deployment as Deployment, occasion as Occasion, model as Model, dataset as Dataset
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

    public async Task<HoldoutCheck> PinAsync(HoldoutCheck check, ModelRef model, DatasetVersionInfo dataset, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            "update holdout_checks set model = @model::jsonb, dataset = @dataset::jsonb where id = @Id",
            new { check.Id, model = JsonSerializer.Serialize(model, ContractJson.Options),
            dataset = JsonSerializer.Serialize(dataset, ContractJson.Options) }, cancellationToken);
        return check with { Model = model, Dataset = dataset };
    }

    public Task FinishAsync(HoldoutCheck check, Guid? evaluation, string outcome, CancellationToken cancellationToken) => ExecuteAsync(
        "update holdout_checks set evaluation = @evaluation, outcome = @outcome, finished_at = @now where id = @Id",
        new { check.Id, evaluation, outcome, now = time.GetUtcNow().UtcDateTime }, cancellationToken);

    async Task ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }

    sealed record Row(Guid Id, string Deployment, string Occasion, string? Model, string? Dataset)
    {
        public HoldoutCheck ToCheck() => new(
            Id, Deployment, Occasion, Model is null ? null : JsonSerializer.Deserialize<ModelRef>(Model, ContractJson.Options),
            Dataset is null ? null : JsonSerializer.Deserialize<DatasetVersionInfo>(Dataset, ContractJson.Options));
    }
}
