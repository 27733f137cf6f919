using System.Text.Json;
using Dapper;
using Npgsql;

namespace RetrainLoop.Inference.Models;

/// <summary>The table <c>model_versions</c>.</summary>
static class ModelSql
{
    public static Task<ModelVersionInfo?> FindAsync(NpgsqlDataSource database, ModelRef model, CancellationToken cancellationToken) =>
        FindOneAsync(database, "name = @Name and version = @Version", model, cancellationToken);

    /// <summary>The versions of a name that consist of these bytes, newest first.</summary>
    public static async Task<IReadOnlyList<ModelVersionInfo>> OfBytesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string name, string sha256, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<string>(new CommandDefinition(
            "select info from model_versions where name = @name and sha256 = @sha256 order by version desc", new { name, sha256 }, transaction,
            cancellationToken: cancellationToken));
        return [.. rows.Select(Read)];
    }

    public static Task<ModelVersionInfo?> FindByKeyAsync(NpgsqlDataSource database, string key, CancellationToken cancellationToken) =>
        FindOneAsync(database, "registration_key = @key", new { key }, cancellationToken);

    /// <summary>All versions, newest first.</summary>
    public static async Task<IReadOnlyList<ModelVersionInfo>> ListAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<string>(new CommandDefinition(
            "select info from model_versions order by created_at desc, name, version desc", cancellationToken: cancellationToken));
        return [.. rows.Select(Read)];
    }

    /// <summary>The next version number of a name; the name is locked until the transaction ends.</summary>
    public static async Task<int> NextVersionAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string name, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(hashtextextended('model ' || @name, 0))", new { name }, transaction, cancellationToken: cancellationToken));
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            "select coalesce(max(version), 0) + 1 from model_versions where name = @name", new { name }, transaction,
            cancellationToken: cancellationToken));
    }

    public static Task InsertAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ModelVersionInfo info, string? key,
        CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into model_versions (name, version, sha256, registration_key, info, created_at)
            values (@Name, @Version, @Sha256, @key, @json::jsonb, @CreatedAt)
            """,
            new { info.Name, info.Version, info.Sha256, key, json = JsonSerializer.Serialize(info, ContractJson.Options),
            CreatedAt = info.CreatedAt.UtcDateTime },
            transaction, cancellationToken: cancellationToken));

    static async Task<ModelVersionInfo?> FindOneAsync(
        NpgsqlDataSource database, string condition, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var json = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            $"select info from model_versions where {condition}", parameters, cancellationToken: cancellationToken));
        return json is null ? null : Read(json);
    }

    static ModelVersionInfo Read(string json) => JsonSerializer.Deserialize<ModelVersionInfo>(json, ContractJson.Options)!;
}
