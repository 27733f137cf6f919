using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Labeling.Deployments;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Labeling.Samples;

public static class SamplesApi
{
    public static void AddSamples(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SampleOptions>().BindConfiguration("Labeling:Samples").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<FrameIntake>();
    }

    public static void MapSamples(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/samples", PostAsync).RequireAuthorization(Access.Operate).WithTags("Samples");

    /// <summary>Takes sampled frames in; each id once. Refused frames come back with the reason and stay refused.</summary>
    static async Task<Results<Ok<SampleIntakeResult>, ProblemHttpResult>> PostAsync(
        SampleIntake request, FrameIntake intake, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (request.Frames is null) return Problem.BadRequest("The body needs 'frames', a list of sampled frames.");
        var deployments = new Dictionary<string, Deployment>();
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
            foreach (var name in request.Frames.Select(frame => frame.Deployment).Distinct())
                if (await Deployment.FindAsync(connection, name, cancellationToken) is { } deployment) deployments[name] = deployment;
                else return DeploymentsApi.Unknown(name);
        return TypedResults.Ok(await intake.TakeAsync(request.Frames, deployments, cancellationToken));
    }
}
