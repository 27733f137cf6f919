using Dapper;
using Npgsql;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Inference.Deployments;

/// <summary>The tables <c>deployments</c> and <c>deployment_transitions</c>.</summary>
static class DeploymentSql
{
    /// <summary>Channel by which replicas hear of a change; the payload is the deployment's name.</summary>
    public const string Channel = "deployment_changed";

    const string Select =
        """
        select d.name as Name, champion_name as ChampionName, champion_version as ChampionVersion, candidate_name as CandidateName,
               candidate_version as CandidateVersion, previous_name as PreviousName, previous_version as PreviousVersion,
               candidate_weight as CandidateWeight, m.info->'classNames' as ClassNames, latency_budget_ms as LatencyBudgetMs, zone as Zone,
               operating_point as OperatingPoint, regions as Regions, sampling as Sampling, active_rollout as ActiveRollout,
               revision as Revision, updated_at as UpdatedAt
        from deployments d join model_versions m on m.name = champion_name and m.version = champion_version
        """;

    public static async Task<IReadOnlyList<DeploymentInfo>> ListAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition($"{Select} order by d.name", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToInfo())];
    }

    public static async Task<DeploymentInfo?> FindAsync(NpgsqlDataSource database, string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition($"{Select} where d.name = @name", new { name }, cancellationToken: cancellationToken)))?.ToInfo();
    }

    /// <summary>Reads a deployment and keeps everybody else from changing it, or from creating it, until the transaction ends.</summary>
    public static async Task<DeploymentInfo?> LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string name, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(hashtextextended('deployment ' || @name, 0))", new { name }, transaction,
            cancellationToken: cancellationToken));
        return (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Select} where d.name = @name", new { name }, transaction, cancellationToken: cancellationToken)))?.ToInfo();
    }

    /// <summary>
    /// Writes a locked deployment with its next revision, records who changed its champion, publishes the change and notifies the replicas;
    /// all of it becomes true with the commit.
    /// </summary>
    /// <returns>The deployment as written.</returns>
    public static async Task<DeploymentInfo> SaveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, DeploymentInfo? before, DeploymentInfo changed, string reason, string actor,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var saved = changed with { Revision = (before?.Revision ?? 0) + 1, UpdatedAt = now,
            CandidateShadow = changed.Candidate is not null && changed.CandidateWeight == 0 };
        await connection.ExecuteAsync(new CommandDefinition(Upsert, Row.Of(saved), transaction, cancellationToken: cancellationToken));
        if (before?.Champion != saved.Champion)
            await connection.ExecuteAsync(new CommandDefinition(
                """
                insert into deployment_transitions (deployment, from_champion, to_champion, reason, actor, at)
                values (@Name, @from, @to, @reason, @actor, @at)
                """,
                new { saved.Name, from = before?.Champion.ToString(), to = saved.Champion.ToString(), reason, actor, at = now.UtcDateTime },
                transaction, cancellationToken: cancellationToken));
        await ChangeFeed.AppendAsync(connection, transaction, ChangeKinds.DeploymentChanged, saved.Name, saved, now, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            $"select pg_notify('{Channel}', @Name)", new { saved.Name }, transaction, cancellationToken: cancellationToken));
        return saved;
    }

    const string Upsert =
        """
        insert into deployments (name, champion_name, champion_version, candidate_name, candidate_version, previous_name, previous_version,
                                 candidate_weight, latency_budget_ms, zone, operating_point, regions, sampling, active_rollout, revision, updated_at)
        values (@Name, @ChampionName, @ChampionVersion, @CandidateName, @CandidateVersion, @PreviousName, @PreviousVersion,
                @CandidateWeight, @LatencyBudgetMs, @Zone, @OperatingPoint, @Regions::jsonb, @Sampling::jsonb, @ActiveRollout, @Revision, @UpdatedAt)
        on conflict (name) do update set
            champion_name = excluded.champion_name, champion_version = excluded.champion_version,
            candidate_name = excluded.candidate_name, candidate_version = excluded.candidate_version,
            previous_name = excluded.previous_name, previous_version = excluded.previous_version,
            candidate_weight = excluded.candidate_weight, latency_budget_ms = excluded.latency_budget_ms, zone = excluded.zone,
            operating_point = excluded.operating_point, regions = excluded.regions, sampling = excluded.sampling,
            active_rollout = excluded.active_rollout, revision = excluded.revision, updated_at = excluded.updated_at
        """;

    sealed record Row(
        string Name, string ChampionName, int ChampionVersion, string? CandidateName, int? CandidateVersion, string? PreviousName,
        int? PreviousVersion,
        double CandidateWeight, string ClassNames, double LatencyBudgetMs, string Zone, double OperatingPoint, string Regions, string Sampling,
        Guid? ActiveRollout, long Revision, DateTime UpdatedAt)
    {
        public static Row Of(DeploymentInfo info) => new(
            info.Name, info.Champion.Name, info.Champion.Version, info.Candidate?.Name, info.Candidate?.Version, info.Previous?.Name,
            info.Previous?.Version,
            info.CandidateWeight, "", info.LatencyBudgetMs, info.Zone, info.OperatingPoint,
            ContractJson.Write(info.Regions),
            ContractJson.Write(info.Sampling), info.ActiveRollout, info.Revision, info.UpdatedAt.UtcDateTime);

        public DeploymentInfo ToInfo() => new(
            Name, new ModelRef(ChampionName, ChampionVersion), Ref(CandidateName, CandidateVersion), Ref(PreviousName, PreviousVersion),
            CandidateWeight, CandidateName is not null && CandidateWeight == 0, ContractJson.Read<IReadOnlyList<string>>(ClassNames), LatencyBudgetMs, Zone,
            OperatingPoint,
            ContractJson.Read<IReadOnlyList<Region>>(Regions), ContractJson.Read<SamplingPolicy>(Sampling), ActiveRollout, Revision,
            DateTime.SpecifyKind(UpdatedAt, DateTimeKind.Utc));

        static ModelRef? Ref(string? name, int? version) => name is null ? null : new ModelRef(name, version!.Value);
    }
}
