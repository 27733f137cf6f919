using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Labeling.Annotations;
using RetrainLoop.Labeling.Datasets;
using RetrainLoop.Labeling.Deployments;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Labeling.Freezes;

public static class FreezesApi
{
    public static void AddFreezes(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<FreezeOptions>().BindConfiguration("Labeling:Freeze").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<Freeze>();
    }

    public static void MapFreezes(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/deployments/{deployment}").WithTags("Freezes");
        group.MapGet("/freeze-readiness", ReadinessAsync).RequireAuthorization(Access.View);
        group.MapPost("/freeze", FreezeAsync).RequireAuthorization(Access.Operate);
    }

    /// <summary>What a freeze would find among frames captured since then, without those that the deployment's training set has already.</summary>
    static async Task<Results<Ok<FreezeReadiness>, ProblemHttpResult>> ReadinessAsync(
        string deployment, NpgsqlDataSource database, CancellationToken cancellationToken, DateTimeOffset? since = null)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await Deployment.FindAsync(connection, deployment, cancellationToken) is null) return DeploymentsApi.Unknown(deployment);
        var from = since ?? DateTimeOffset.UnixEpoch;
        var held = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "select training from holdouts where deployment = @deployment", new { deployment }, cancellationToken: cancellationToken));
        var training = await ReviewedFrame.CountAsync(connection, deployment, FrameSide.Training, from, held, cancellationToken);
        var recent = await ReviewedFrame.CountAsync(connection, deployment, FrameSide.Evaluation, from, null, cancellationToken);
        var tasks = await connection.QuerySingleAsync<(int Waiting, int Leased)>(new CommandDefinition(
            """
            select count(*) filter (where t.state = 'Waiting')::int, count(*) filter (where t.state = 'Leased')::int
            from tasks t join frames f on f.id = t.frame
            where t.deployment = @deployment and f.captured_at >= @since and t.state in ('Waiting', 'Leased')
            """,
            new { deployment, since = from.ToUniversalTime() }, cancellationToken: cancellationToken));
        return TypedResults.Ok(new FreezeReadiness(training, recent, tasks.Waiting, tasks.Leased));
    }

    /// <summary>Makes the training set and the recent set; 409 with the counts when there are too few frames.</summary>
    static async Task<Results<Ok<FreezeResult>, ProblemHttpResult>> FreezeAsync(
        string deployment, FreezeRequest request, Freeze freeze, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await Deployment.FindAsync(connection, deployment, cancellationToken) is not { } known) return DeploymentsApi.Unknown(deployment);
        DatasetVersion? basis = null;
        if (request.Base is { } wanted)
        {
            basis = await DatasetVersion.FindAsync(connection, wanted.Name, wanted.Version, cancellationToken);
            if (basis is null) return DatasetsApi.Unknown(wanted.Name, wanted.Version);
            if (basis.Role != DatasetRole.Training || basis.Deployment is not null && basis.Deployment != deployment)
                return Problem.Unprocessable($"{basis.Title} cannot be the base: that is a training set of '{deployment}'.");
        }
        var outcome = await freeze.TakeAsync(known, request, basis, cancellationToken);
        return outcome.Result is { } result
            ? TypedResults.Ok(result)
            : TypedResults.Problem(outcome.Refusal, statusCode: StatusCodes.Status409Conflict,
                extensions: new Dictionary<string, object?> { ["training"] = outcome.Training, ["recent"] = outcome.Recent });
    }
}
