using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.Monitor.Series;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Rollouts;

public static class RolloutAnalysesApi
{
    public static void AddRolloutAnalyses(this IHostApplicationBuilder builder) =>
        builder.Services.AddOptions<RolloutAnalysisOptions>().BindConfiguration("Monitor:Rollout").ValidateDataAnnotations().ValidateOnStart();

    /// <summary>Maps <c>POST /v1/deployments/{deployment}/rollout-analyses</c>.</summary>
    public static IEndpointRouteBuilder MapRolloutAnalysesApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/deployments/{deployment}/rollout-analyses", AnalyseAsync).RequireAuthorization(Access.Operate).WithTags("Rollouts")
            .WithSummary("Compares the candidate with the champion over a step of a rollout.");
        return routes;
    }

    static async Task<Results<Ok<Judgement>, ProblemHttpResult>> AnalyseAsync(
        string deployment, RolloutAnalysisRequest request, NpgsqlDataSource database, IOptions<RolloutAnalysisOptions> options, CancellationToken cancellationToken)
    {
        if (request.To <= request.From) return Problem.BadRequest("A step ends after it began.");
        if (await DeploymentStore.FindAsync(database, deployment, cancellationToken) is not { } known) return Problem.NotFound(DeploymentStore.Unknown(deployment));
        // The bucket in which the step began counts: what it holds of the step before is the same model in the same slot.
        var from = request.From.Floor(Resolutions.TenSeconds);
        var buckets = await SeriesStore.ReadAsync(
            database, deployment, Resolutions.TenSeconds, from - options.Value.ChampionLookBack, request.To, cancellationToken);
        var candidate = Sum(buckets.Where(bucket => bucket.Start >= from && bucket.Model == request.Candidate && bucket.Slot == request.CandidateSlot));
        var champion = Newest(buckets.Where(bucket => IsChampion(bucket, request)), from, Math.Max(candidate.Requests, request.MinimumRequests));
        return TypedResults.Ok(RolloutAnalysis.Judge(candidate, champion, request.MinimumRequests, known.LatencyBudgetMs, options.Value));
    }

    /// <summary>
    /// The champion's traffic of the step, and, where that is less than <paramref name="enough"/> requests, as much before it as fills up:
    /// the newest, because that saw the world most like the candidate's.
    /// </summary>
    static SeriesSketch Newest(IEnumerable<SeriesBucket> champion, DateTimeOffset from, long enough)
    {
        var sum = new SeriesSketch();
        foreach (var bucket in champion.OrderByDescending(bucket => bucket.Start).TakeWhile(bucket => bucket.Start >= from || sum.Requests < enough))
            sum.Add(bucket.Sketch);
        return sum;
    }

    static bool IsChampion(SeriesBucket bucket, RolloutAnalysisRequest request) => bucket.Model == request.Champion && bucket.Slot == ModelSlot.Champion;

    static SeriesSketch Sum(IEnumerable<SeriesBucket> buckets) => SeriesSketch.Sum(buckets.Select(bucket => bucket.Sketch));
}
