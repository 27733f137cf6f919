using Dapper;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>The SQL of evaluations.</summary>
static class EvaluationStore
{
    public static Task<EvaluationInfo?> FindAsync(NpgsqlDataSource database, Guid id, CancellationToken cancellationToken) =>
        Documents.FirstAsync<EvaluationInfo>(database, "select evaluation from evaluations where id = @id", new { id }, cancellationToken);

    public static Task<EvaluationInfo?> FindByKeyAsync(NpgsqlDataSource database, string key, CancellationToken cancellationToken) =>
        Documents.FirstAsync<EvaluationInfo>(database, "select evaluation from evaluations where key = @key", new { key }, cancellationToken);

    /// <summary>Newest first; <paramref name="purpose"/> null = any.</summary>
    public static Task<List<EvaluationInfo>> ListAsync(NpgsqlDataSource database, string deployment, string? purpose, CancellationToken cancellationToken) =>
        Documents.ListAsync<EvaluationInfo>(database,
            "select evaluation from evaluations where deployment = @deployment and (@purpose::text is null or purpose = @purpose) order by at desc limit 500",
            new { deployment, purpose }, cancellationToken);

    /// <summary>The newest evaluation of a model for a purpose, or null.</summary>
    public static Task<EvaluationInfo?> NewestAsync(
        NpgsqlDataSource database, string deployment, string purpose, ModelRef model, CancellationToken cancellationToken) =>
        Documents.FirstAsync<EvaluationInfo>(database,
            """
            select evaluation from evaluations
            where deployment = @deployment and purpose = @purpose
                and evaluation -> 'model' ->> 'name' = @Name and (evaluation -> 'model' ->> 'version')::integer = @Version
            order by at desc limit 1
            """,
            new { deployment, purpose, model.Name, model.Version }, cancellationToken);

    /// <summary>What lies behind an evaluation, or null.</summary>
    public static async Task<EvaluationDetails?> DetailsAsync(NpgsqlDataSource database, Guid id, CancellationToken cancellationToken) =>
        await BytesAsync(database, "select details from evaluation_details where evaluation = @id", id, cancellationToken) is { } bytes
            ? Documents.Decompress<EvaluationDetails>(bytes)
            : null;

    /// <summary>An evaluation's matches, or null.</summary>
    public static async Task<CocoMatches?> MatchesAsync(NpgsqlDataSource database, Guid id, CancellationToken cancellationToken) =>
        await BytesAsync(database, "select matches from evaluation_details where evaluation = @id", id, cancellationToken) is { } bytes
            ? MatchArchive.Read(bytes)
            : null;

    static async Task<byte[]?> BytesAsync(NpgsqlDataSource database, string sql, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(sql, new { id }, cancellationToken: cancellationToken));
    }

    /// <summary>Keeps an evaluation unless its key was kept before, and publishes it.</summary>
    /// <returns>The kept one, which may be an earlier one of the same key.</returns>
    public static async Task<EvaluationInfo> SaveAsync(
        NpgsqlDataSource database, EvaluationInfo evaluation, EvaluationDetails details, CocoMatches matches, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var added = await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into evaluations (id, key, deployment, purpose, at, evaluation) values (@Id, @Key, @Deployment, @Purpose, @At, @json::jsonb)
            on conflict (key) do nothing
            """,
            new { evaluation.Id, evaluation.Key, evaluation.Deployment, evaluation.Purpose, evaluation.At, json = Documents.Write(evaluation) },
            transaction, cancellationToken: cancellationToken));
        if (added == 0) return (await FindByKeyAsync(database, evaluation.Key, cancellationToken))!;
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into evaluation_details (evaluation, details, matches) values (@Id, @details, @matches)",
            new { evaluation.Id, details = Documents.Compress(details), matches = MatchArchive.Write(matches) }, transaction, cancellationToken: cancellationToken));
        await ChangeFeed.AppendAsync(connection, transaction, ChangeKinds.EvaluationCompleted, evaluation.Id.ToString(), evaluation, evaluation.At, cancellationToken);
        if (evaluation is { Purpose: EvaluationPurposes.LiveHoldout, Deployment: { } deployment } && evaluation.MeanAveragePrecision() is { } value)
            await BaselineStore.FillMeanAveragePrecisionAsync(connection, transaction, deployment, evaluation.Model, value, evaluation.At, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return evaluation;
    }
}
