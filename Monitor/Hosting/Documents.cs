using System.IO.Compression;
using System.Text.Json;
using Dapper;
using Npgsql;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Hosting;

/// <summary>Reads jsonb columns that hold one contract record each.</summary>
static class Documents
{
    public static string Write<T>(T document) => JsonSerializer.Serialize(document, ContractJson.Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, ContractJson.Options)!;

    /// <summary>The same as gzipped bytes, for large documents that nothing searches.</summary>
    public static byte[] Compress<T>(T document)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest)) JsonSerializer.Serialize(gzip, document, ContractJson.Options);
        return buffer.ToArray();
    }

    public static T Decompress<T>(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<T>(gzip, ContractJson.Options)!;
    }

    /// <param name="sql">Selects one jsonb column.</param>
    public static async Task<List<T>> ListAsync<T>(NpgsqlDataSource database, string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<string>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(Read<T>)];
    }

    public static async Task<T?> FirstAsync<T>(NpgsqlDataSource database, string sql, object? parameters, CancellationToken cancellationToken) where T : class
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QueryFirstOrDefaultAsync<string>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        return row is null ? null : Read<T>(row);
    }
}
