using Dapper;
using Npgsql;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Web.Keys;

/// <summary>The keys of the stack and their revision, in webdb. Each change raises the revision in its own transaction.</summary>
public sealed class ApiKeys(NpgsqlDataSource database, TimeProvider time)
{
    const string StackKeyName = "admin (stack)";

    const string Columns = """
        id as Id, name as Name, sha256 as Sha256, role as Role, deployments as Deployments, from_configuration as FromConfiguration,
        created_at as CreatedAt, created_by as CreatedBy, revoked_at as RevokedAt, revoked_by as RevokedBy
        """;

    /// <summary>Raised after a change was committed here.</summary>
    public event Action? Changed;

    public async Task<IReadOnlyList<ApiKeyInfo>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"select {Columns} from api_keys order by created_at desc", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToInfo())];
    }

    public async Task<ApiKeyCreated> CreateAsync(ApiKeyRequest request, string actor, CancellationToken cancellationToken)
    {
        var secret = ApiKey.NewSecret();
        var created = new ApiKeyCreated(
            Guid.CreateVersion7(), request.Name, request.Role, [.. (request.Deployments ?? []).Distinct()], secret, time.GetUtcNow());
        await ChangeAsync(
            (connection, transaction) => InsertAsync(connection, transaction, created, actor, fromConfiguration: false, cancellationToken),
            cancellationToken);
        return created;
    }

    /// <summary>Revokes a key; services refuse it within 30 seconds.</summary>
    /// <returns>False when there is no such valid key.</returns>
    public Task<bool> RevokeAsync(Guid id, string actor, CancellationToken cancellationToken) => ChangeAsync(
        async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
            "update api_keys set revoked_at = @now, revoked_by = @actor where id = @id and revoked_at is null and not from_configuration",
            new { id, actor, now = time.GetUtcNow().UtcDateTime }, transaction, cancellationToken: cancellationToken)) > 0,
        cancellationToken);

    /// <summary>Makes the configured admin key the only one from configuration; null takes it away.</summary>
    public Task<bool> ConfigureAdminAsync(string? secret, CancellationToken cancellationToken)
    {
        var hash = secret is null ? "" : KeyRing.HashOf(secret);
        return ChangeAsync(async (connection, transaction) =>
        {
            var now = time.GetUtcNow();
            var changed = await connection.ExecuteAsync(new CommandDefinition(
                "update api_keys set revoked_at = @now, revoked_by = 'configuration' where from_configuration and revoked_at is null and sha256 <> @hash",
                new { hash, now = now.UtcDateTime }, transaction, cancellationToken: cancellationToken));
            if (secret is null) return changed > 0;
            changed += await connection.ExecuteAsync(new CommandDefinition(
                "update api_keys set revoked_at = null, revoked_by = null where sha256 = @hash and revoked_at is not null",
                new { hash }, transaction, cancellationToken: cancellationToken));
            var known = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                "select exists (select from api_keys where sha256 = @hash)", new { hash }, transaction, cancellationToken: cancellationToken));
            if (known) return changed > 0;
            return await InsertAsync(
                connection, transaction, new(Guid.CreateVersion7(), StackKeyName, AccessRole.Admin, [], secret, now), "configuration",
                fromConfiguration: true, cancellationToken);
        }, cancellationToken);
    }

    /// <summary>What services need to know now.</summary>
    public async Task<KeySnapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var revision = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select revision from api_key_revision", transaction: transaction, cancellationToken: cancellationToken));
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"select {Columns} from api_keys where revoked_at is null order by created_at", transaction: transaction, cancellationToken: cancellationToken));
        return new KeySnapshot(revision, time.GetUtcNow(), [.. rows.Select(row => new KeyEntry(row.Id, row.Name, row.Sha256, row.ToRole(), row.Deployments))]);
    }

    static async Task<bool> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ApiKeyCreated key, string actor, bool fromConfiguration, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into api_keys (id, name, sha256, role, deployments, from_configuration, created_at, created_by)
            values (@Id, @Name, @sha256, @role, @deployments, @fromConfiguration, @createdAt, @actor)
            """,
            new
            {
                key.Id, key.Name, sha256 = KeyRing.HashOf(key.Key), role = key.Role.ToString(), deployments = key.Deployments.ToArray(),
                fromConfiguration, createdAt = key.CreatedAt.UtcDateTime, actor,
            },
            transaction, cancellationToken: cancellationToken)) > 0;

    async Task<bool> ChangeAsync(Func<NpgsqlConnection, NpgsqlTransaction, Task<bool>> change, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            if (!await change(connection, transaction)) return false;
            await connection.ExecuteAsync(new CommandDefinition(
                "update api_key_revision set revision = greatest(revision + 1, @now)",
                new { now = time.GetUtcNow().ToUnixTimeMilliseconds() }, transaction, cancellationToken: cancellationToken));
            await transaction.CommitAsync(cancellationToken);
        }
        Changed?.Invoke();
        return true;
    }

    sealed record Row
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = null!;
        public string Sha256 { get; init; } = null!;
        public string Role { get; init; } = null!;
        public string[] Deployments { get; init; } = null!;
        public bool FromConfiguration { get; init; }
        public DateTime CreatedAt { get; init; }
        public string CreatedBy { get; init; } = null!;
        public DateTime? RevokedAt { get; init; }
        public string? RevokedBy { get; init; }

        public AccessRole ToRole() => Enum.Parse<AccessRole>(Role);
        public ApiKeyInfo ToInfo() => new(Id, Name, ToRole(), Deployments, FromConfiguration, CreatedAt, CreatedBy, RevokedAt, RevokedBy);
    }
}
