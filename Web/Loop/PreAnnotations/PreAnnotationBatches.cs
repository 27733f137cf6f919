using System.Text.Json;
using Dapper;
using Npgsql;

namespace RetrainLoop.Web.Loop.PreAnnotations;

/// <summary>Accepted samples on their way through one detection job.</summary>
/// <param name="Model">The champion when the job was asked for; null before.</param>
public sealed record PreAnnotationBatch(Guid Id, string Deployment, IReadOnlyList<ManifestImage> Images, ModelRef? Model, int Attempt);

/// <summary>The batches in webdb.</summary>
public sealed class PreAnnotationBatches(NpgsqlDataSource database, TimeProvider time)
{
    public Task AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string deployment, IReadOnlyList<ManifestImage> images,
        CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "insert into pre_annotations (id, deployment, images, created_at) values (@id, @deployment, @images::jsonb, @now)",
            new { id = Guid.CreateVersion7(), deployment, images = JsonSerializer.Serialize(images, ContractJson.Options), now = time.GetUtcNow().UtcDateTime },
            transaction, cancellationToken: cancellationToken));

    /// <summary>The oldest unfinished batch of each deployment.</summary>
    public async Task<IReadOnlyList<PreAnnotationBatch>> OpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select distinct on (deployment) id as Id, deployment as Deployment, images as Images, model as Model, attempt as Attempt
            from pre_annotations where finished_at is null order by deployment, created_at
            """,
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToBatch())];
    }

    public async Task<bool> AnyOpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from pre_annotations where finished_at is null)", cancellationToken: cancellationToken));
    }

    public async Task<PreAnnotationBatch> PinModelAsync(PreAnnotationBatch batch, ModelRef model, CancellationToken cancellationToken)
    {
        await UpdateAsync("model = @model::jsonb", new { batch.Id, model = JsonSerializer.Serialize(model, ContractJson.Options) }, cancellationToken);
        return batch with { Model = model };
    }

    /// <summary>Labeling has what it needs of the batch.</summary>
    public async Task RemoveAsync(PreAnnotationBatch batch, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("delete from pre_annotations where id = @Id", new { batch.Id }, cancellationToken: cancellationToken));
    }

    /// <summary>The batch stays for the record, with the reason.</summary>
    public Task GiveUpAsync(PreAnnotationBatch batch, string error, CancellationToken cancellationToken) =>
        UpdateAsync("finished_at = @now, error = @error", new { batch.Id, error, now = time.GetUtcNow().UtcDateTime }, cancellationToken);

    /// <summary>The next attempt asks the deployment's champion anew: a broken model may have been replaced.</summary>
    public Task RetryAsync(PreAnnotationBatch batch, string error, CancellationToken cancellationToken) =>
        UpdateAsync("attempt = attempt + 1, model = null, error = @error", new { batch.Id, error }, cancellationToken);

    async Task UpdateAsync(string set, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition($"update pre_annotations set {set} where id = @Id", parameters, cancellationToken: cancellationToken));
    }

    sealed record Row(Guid Id, string Deployment, string Images, string? Model, int Attempt)
    {
        public PreAnnotationBatch ToBatch() => new(
            Id, Deployment, JsonSerializer.Deserialize<IReadOnlyList<ManifestImage>>(Images, ContractJson.Options)!,
            Model is null ? null : JsonSerializer.Deserialize<ModelRef>(Model, ContractJson.Options), Attempt);
    }
}
