using Dapper;
using Npgsql;
using RetrainLoop.Inference.DetectionJobs;

namespace RetrainLoop.Inference.Comparisons;

/// <summary>A frame of a comparison, without what was seen in it.</summary>
sealed record ComparisonFrame(Guid Frame, string Region, string Camera, DateTimeOffset CapturedAt, ArtifactRef Image);

/// <summary>A comparison with what is needed to read its result.</summary>
sealed record Comparison(
    ComparisonInfo Info, IReadOnlyList<ComparisonFrame> Frames, double OperatingPoint, ArtifactRef? ModelResult, ArtifactRef? ChampionResult);

/// <summary>The table <c>comparisons</c>.</summary>
static class ComparisonSql
{
    const string Select =
        """
        select c.info as Info, c.frames as Frames, c.operating_point as OperatingPoint, c.agreements as Agreements, c.only_model as OnlyModel,
               c.only_champion as OnlyChampion, m.state as ModelState, m.done as ModelDone, m.error as ModelError, m.result as ModelResult,
               m.finished_at as ModelFinished, h.state as ChampionState, h.done as ChampionDone, h.error as ChampionError,
               h.result as ChampionResult, h.finished_at as ChampionFinished
        from comparisons c join detection_jobs m on m.id = c.model_job join detection_jobs h on h.id = c.champion_job
        """;

    /// <summary>Kept frames of a time, at most <paramref name="most"/>, evenly over those there are.</summary>
    public static async Task<IReadOnlyList<ComparisonFrame>> PickAsync(
        NpgsqlDataSource database, string deployment, DateTimeOffset from, DateTimeOffset to, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<string>(new CommandDefinition(
            """
            select info from (
                select info, position, row_number() over (order by position) as number, count(*) over () as total from sampled_frames
                where deployment = @deployment and expired_at is null and captured_at >= @from and captured_at < @to
            ) found
            where number * @most / total > (number - 1) * @most / total or total <= @most
            order by position
            """,
            new { deployment, from = from.UtcDateTime, to = to.UtcDateTime, most = (long)most }, cancellationToken: cancellationToken));
        return [.. rows.Select(ContractJson.Read<SampledFrame>).Select(
            frame => new ComparisonFrame(frame.Id, frame.Region, frame.Camera, frame.CapturedAt, frame.Image))];
    }

    /// <summary>Those of some frames that were erased: nothing of them is shown any more.</summary>
    public static async Task<IReadOnlySet<Guid>> ErasedAsync(NpgsqlDataSource database, Guid[] frames, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<Guid>(new CommandDefinition(
            "select id from sampled_frames where id = any(@frames) and erased_at is not null", new { frames },
            cancellationToken: cancellationToken))).ToHashSet();
    }

    public static async Task InsertAsync(
        NpgsqlDataSource database, ComparisonInfo info, IReadOnlyList<ComparisonFrame> frames, double operatingPoint, Guid modelJob, Guid championJob,
        CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into comparisons (id, deployment, info, frames, operating_point, model_job, champion_job, created_at)
            values (@Id, @Deployment, @json::jsonb, @framesJson::jsonb, @operatingPoint, @modelJob, @championJob, @createdAt)
            """,
            new
            {
                info.Id, info.Deployment, json = ContractJson.Write(info),
                framesJson = ContractJson.Write(frames), operatingPoint, modelJob, championJob,
                createdAt = info.CreatedAt.UtcDateTime,
            }, cancellationToken: cancellationToken));
    }

    public static async Task<Comparison?> FindAsync(NpgsqlDataSource database, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Select} where c.id = @id", new { id }, cancellationToken: cancellationToken)))?.ToComparison();
    }

    /// <summary>Newest first.</summary>
    public static async Task<IReadOnlyList<Comparison>> ListAsync(
        NpgsqlDataSource database, string? deployment, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"{Select} where @deployment::text is null or c.deployment = @deployment order by c.created_at desc limit @limit",
            new { deployment, limit }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToComparison())];
    }

    public static async Task<IReadOnlyList<Guid>> JobsOfAsync(NpgsqlDataSource database, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            "select unnest(array[model_job, champion_job]) from comparisons where id = @id", new { id }, cancellationToken: cancellationToken))];
    }

    public static async Task KeepCountsAsync(NpgsqlDataSource database, Guid id, BoxAgreement sum, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update comparisons set agreements = @Agreements, only_model = @OnlyModel, only_champion = @OnlyChampion where id = @id",
            new { id, sum.Agreements, sum.OnlyModel, sum.OnlyChampion }, cancellationToken: cancellationToken));
    }

    sealed record Row(
        string Info, string Frames, double OperatingPoint, int? Agreements, int? OnlyModel, int? OnlyChampion,
        string ModelState, int ModelDone, string? ModelError, string? ModelResult, DateTime? ModelFinished,
        string ChampionState, int ChampionDone, string? ChampionError, string? ChampionResult, DateTime? ChampionFinished)
    {
        public Comparison ToComparison()
        {
            var state = ComparisonState.Of(Enum.Parse<DetectionJobState>(ModelState), Enum.Parse<DetectionJobState>(ChampionState));
            var finished = ModelFinished > ChampionFinished ? ModelFinished : ChampionFinished;
            var info = ContractJson.Read<ComparisonInfo>(Info) with
            {
                State = state, Done = ModelDone + ChampionDone, Agreements = Agreements, OnlyModel = OnlyModel, OnlyChampion = OnlyChampion,
                Error = ModelError ?? ChampionError,
                FinishedAt = finished is { } at && ComparisonState.IsFinished(state) ? new DateTimeOffset(at, TimeSpan.Zero) : null,
            };
            return new Comparison(info, ContractJson.Read<List<ComparisonFrame>>(Frames), OperatingPoint,
                ModelResult is null ? null : ContractJson.Read<ArtifactRef>(ModelResult), ChampionResult is null ? null : ContractJson.Read<ArtifactRef>(ChampionResult));
        }
    }
}
