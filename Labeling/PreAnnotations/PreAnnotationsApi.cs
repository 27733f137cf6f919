using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Labeling.Deployments;
using RetrainLoop.Labeling.Ranking;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Labeling.PreAnnotations;

/// <summary>How many tasks a pre-annotation made or ranked anew.</summary>
public sealed record PreAnnotationResult(int Tasks);

public static class PreAnnotationsApi
{
    public static void AddPreAnnotations(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RankingOptions>().BindConfiguration("Labeling:Ranking").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<PreAnnotationIntake>();
    }

    public static void MapPreAnnotations(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/pre-annotations", PostAsync).RequireAuthorization(Access.Operate).WithTags("Pre-annotations");

    /// <summary>Reads a detections artifact whose keys are frame ids and makes their tasks; the same key answers with what it did.</summary>
    static async Task<Results<Ok<PreAnnotationResult>, ProblemHttpResult>> PostAsync(
        PreAnnotation request, PreAnnotationIntake intake, NpgsqlDataSource database, BlobStore blobs, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await Deployment.FindAsync(connection, request.Deployment, cancellationToken) is not { } deployment)
            return DeploymentsApi.Unknown(request.Deployment);
        if (await PreAnnotationIntake.EarlierAsync(connection, request.Key, cancellationToken) is { } earlier)
            return TypedResults.Ok(new PreAnnotationResult(earlier));
        try
        {
            var copy = await blobs.FetchAsync(request.Detections, cancellationToken);
            var artifact = await DetectionsFile.ReadAsync(blobs, copy, cancellationToken);
            var result = await intake.TakeAsync(connection, request, deployment, artifact, cancellationToken);
            await blobs.DeleteAsync(copy.Sha256, cancellationToken); // what it says is in the database now
            return TypedResults.Ok(result);
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            return Problem.Unprocessable($"The detections cannot be used: {exception.Message}");
        }
    }
}
