using Dapper;
using Npgsql;

namespace RetrainLoop.Inference.Rollouts;

/// <summary>The tables <c>rollouts</c> and <c>rollout_transitions</c>.</summary>
static class RolloutSql
{
    const string Select =
        """
        select r.id as Id, key as Key, deployment as Deployment, candidate_name as CandidateName, candidate_version as CandidateVersion,
               champion_name as ChampionName, champion_version as ChampionVersion, state as State, step as Step, steps as Steps,
               step_started_at as StepStartedAt, loop_run as LoopRun, created_at as CreatedAt, finished_at as FinishedAt,
               (select jsonb_agg(jsonb_build_object('from', from_state, 'to', to_state, 'reason', reason, 'actor', actor, 'at', at) order by id)
                from rollout_transitions where rollout = r.id) as Transitions
        from rollouts r
        """;

    public static Task<RolloutInfo?> FindAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, Guid id, CancellationToken cancellationToken) =>
        FindOneAsync(connection, transaction, "r.id = @id", new { id }, cancellationToken);

    public static Task<RolloutInfo?> FindByKeyAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string key, CancellationToken cancellationToken) =>
        FindOneAsync(connection, transaction, "r.key = @key", new { key }, cancellationToken);

    /// <summary>Newest first; all deployments when none is named.</summary>
    public static async Task<IReadOnlyList<RolloutInfo>> ListAsync(
        NpgsqlConnection connection, string? deployment, CancellationToken cancellationToken) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            $"{Select} where (@deployment::text is null or deployment = @deployment) order by created_at desc limit 200", new { deployment },
            cancellationToken: cancellationToken))).Select(row => row.ToInfo())];

    /// <summary>Inserts or updates the rollout, not its transitions.</summary>
    public static Task SaveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RolloutInfo info, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into rollouts (id, key, deployment, candidate_name, candidate_version, champion_name, champion_version, state, step, steps,
                                  step_started_at, loop_run, created_at, finished_at)
            values (@Id, @Key, @Deployment, @CandidateName, @CandidateVersion, @ChampionName, @ChampionVersion, @State, @Step, @Steps::jsonb,
                    @StepStartedAt, @LoopRun, @CreatedAt, @FinishedAt)
            on conflict (id) do update set state = excluded.state, step = excluded.step, step_started_at = excluded.step_started_at,
                                           finished_at = excluded.finished_at
            """,
            Row.Of(info), transaction, cancellationToken: cancellationToken));

    public static Task AddTransitionAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid rollout, RolloutTransition transition,
        CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "insert into rollout_transitions (rollout, from_state, to_state, reason, actor, at) values (@rollout, @From, @To, @Reason, @Actor, @at)",
            new { rollout, transition.From, transition.To, transition.Reason, transition.Actor, at = transition.At.UtcDateTime },
            transaction, cancellationToken: cancellationToken));

    static async Task<RolloutInfo?> FindOneAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string condition, object parameters, CancellationToken cancellationToken) =>
        (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Select} where {condition}", parameters, transaction, cancellationToken: cancellationToken)))?.ToInfo();

    sealed record Row(
        Guid Id, string Key, string Deployment, string CandidateName, int CandidateVersion, string ChampionName, int ChampionVersion, string State,
        int Step,
        string Steps, DateTime StepStartedAt, string? LoopRun, DateTime CreatedAt, DateTime? FinishedAt, string? Transitions)
    {
        public static Row Of(RolloutInfo info) => new(
            info.Id, info.Key, info.Deployment, info.Candidate.Name, info.Candidate.Version, info.Champion.Name, info.Champion.Version,
            info.State.ToString(),
            info.Step, ContractJson.Write(info.Steps), info.StepStartedAt.UtcDateTime, info.LoopRun,
            info.CreatedAt.UtcDateTime,
            info.FinishedAt?.UtcDateTime, null);

        public RolloutInfo ToInfo() => new(
            Id, Key, Deployment, new ModelRef(CandidateName, CandidateVersion), new ModelRef(ChampionName, ChampionVersion),
            Enum.Parse<RolloutState>(State), Step,
            ContractJson.Read<List<RolloutStep>>(Steps), Utc(StepStartedAt), LoopRun,
            Transitions is null ? [] : ContractJson.Read<List<RolloutTransition>>(Transitions),
            Utc(CreatedAt), FinishedAt is { } at ? Utc(at) : null);

        static DateTimeOffset Utc(DateTime at) => DateTime.SpecifyKind(at, DateTimeKind.Utc);
    }
}
