using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.Monitor.Drift.Embeddings;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Drift;

/// <summary>What lies behind reports, and reports over weeks.</summary>
static class DriftHistoryApi
{
    public static void MapDriftHistoryApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/deployments/{deployment}").WithTags("Drift").RequireAuthorization(Access.View);
        group.MapGet("/drift-reports/{id:guid}", FindAsync);
        group.MapGet("/drift-reports/{id:guid}/distributions", DistributionsAsync)
            .WithSummary("One signal, or boxSize as a grid of width by height, in the baseline and in the report's window, as shares; of one camera or class where asked.");
        group.MapGet("/drift-weeks", WeeksAsync).WithSummary("A signal week by week: KS, p and distance with its threshold.");
    }

    static async Task<Results<Ok<DriftReport>, ProblemHttpResult>> FindAsync(
        string deployment, Guid id, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await DriftEvaluator.FindAsync(database, deployment, id, cancellationToken) is { } report ? TypedResults.Ok(report) : Unknown(deployment);

    static async Task<Results<Ok<SignalDistributions>, ProblemHttpResult>> DistributionsAsync(
        string deployment, Guid id, string signal, NpgsqlDataSource database, DriftEvaluator evaluator, EmbeddingReader embedded, CancellationToken cancellationToken,
        string? camera = null, string? @class = null)
    {
        var names = Signals.For([]).Append(Signals.EmbeddingDistance).Select(known => known.Name).Append(BoxSizes.Name).ToList();
        if (!names.Contains(signal)) return Problem.BadRequest($"signal is one of {string.Join(", ", names)}, not '{signal}'.");
        if (await DriftEvaluator.FindAsync(database, deployment, id, cancellationToken) is not { } report) return Unknown(deployment);
        if (await BaselineStore.FindAsync(database, report.Baseline, cancellationToken) is not { } locked) return Problem.NotFound("The report's baseline is gone.");
        var baseline = await BaselineCells.ReadAsync(database, locked, cancellationToken);
        var current = await evaluator.ReadAsync(locked.Info, baseline, report.From, report.To, cancellationToken);
        IReadOnlyList<string> classes = [.. baseline.Classes.Union(current.Classes)];
        if (signal == Signals.EmbeddingDistanceName)
        {
            if (await embedded.KeptAsync(report, baseline, current, cancellationToken) is not { } kept) return Problem.NotFound("The report compared no embeddings.");
            (baseline, current) = kept;
        }
        if (camera is not null) (baseline, current) = (baseline.OfCamera(camera), current.OfCamera(camera));
        if (@class is not null) (baseline, current) = (baseline.OfClass(@class), current.OfClass(@class));
        return TypedResults.Ok(signal == BoxSizes.Name
            ? BoxSizes.Of(baseline, current)
            : Distributions.Of(Signals.For(classes).Append(Signals.EmbeddingDistance).First(known => known.Name == signal), baseline, current, classes));
    }

    static async Task<Results<Ok<List<DriftWeek>>, ProblemHttpResult>> WeeksAsync(
        string deployment, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken, string signal = Signals.ConfidenceName, int weeks = 12)
    {
        if (weeks is < 1 or > 520) return Problem.BadRequest("weeks is between 1 and 520.");
        if (await DeploymentStore.FindAsync(database, deployment, cancellationToken) is not { } known) return Problem.NotFound(DeploymentStore.Unknown(deployment));
        var reports = await Documents.ListAsync<DriftReport>(database,
            """
            select report from (
                select distinct on (date_trunc('week', evaluated_at at time zone @zone)) date_trunc('week', evaluated_at at time zone @zone) as week, report
                from drift_reports where deployment = @deployment and evaluated_at >= @from
                order by 1, evaluated_at - window_from desc, evaluated_at desc) weeks
            order by week
            """,
            new { deployment, zone = known.Zone, from = time.GetUtcNow().AddDays(-7 * weeks).UtcDateTime }, cancellationToken);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(known.Zone);
        return TypedResults.Ok(reports.SelectMany(report => report.Signals.Where(drift => drift.Signal == signal).Select(drift => new DriftWeek(
            MondayOf(report.EvaluatedAt, zone), report.Id, report.Model, report.From, report.To, drift.Level, drift.KsStatistic, drift.KsPValue,
            drift.Distance, drift.DistanceThreshold, drift.FalseDiscoveryPValue, drift.CurrentCount))).ToList());
    }

    static DateOnly MondayOf(DateTimeOffset at, TimeZoneInfo zone)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        return day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
    }

    static ProblemHttpResult Unknown(string deployment) => Problem.NotFound($"'{deployment}' has no such drift report.");
}
