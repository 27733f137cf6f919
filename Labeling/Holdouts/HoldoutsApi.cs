using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Labeling.Datasets;
using RetrainLoop.Labeling.Deployments;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Labeling.Holdouts;

using HoldoutsAnswer = Results<Ok<HoldoutsInfo>, ProblemHttpResult>;

public static class HoldoutsApi
{
    public static void AddHoldouts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<HoldoutOptions>().BindConfiguration("Labeling:Holdouts").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<HoldoutAssignment>();
        builder.Services.AddSingleton<HoldoutRenewal>();
    }

    public static void MapHoldouts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/deployments/{deployment}").WithTags("Holdouts");
        group.MapGet("/holdouts", GetAsync).RequireAuthorization(Access.View);
        group.MapPut("/holdouts/locked", AssignLockedAsync).RequireAuthorization(Access.Operate);
        group.MapPut("/training-set", AssignTrainingAsync).RequireAuthorization(Access.Operate);
        group.MapPost("/holdouts/locked/grow", GrowAsync).RequireAuthorization(Access.Operate);
        group.MapPost("/holdouts/live/refresh", RefreshAsync).RequireAuthorization(Access.Operate);
    }

    static async Task<Ok<HoldoutsInfo>> GetAsync(string deployment, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await HoldoutRow.FindAsync(connection, deployment, cancellationToken);
        return TypedResults.Ok(await row.ToInfoAsync(connection, deployment, cancellationToken));
    }

    static Task<HoldoutsAnswer> AssignLockedAsync(
        string deployment, AssignDataset request, HoldoutAssignment assignment, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        AssignAsync(deployment, request, DatasetRole.LockedHoldout, assignment, database, cancellationToken);

    static Task<HoldoutsAnswer> AssignTrainingAsync(
        string deployment, AssignDataset request, HoldoutAssignment assignment, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        AssignAsync(deployment, request, DatasetRole.Training, assignment, database, cancellationToken);

    static async Task<HoldoutsAnswer> AssignAsync(
        string deployment, AssignDataset request, DatasetRole role, HoldoutAssignment assignment, NpgsqlDataSource database,
        CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await DatasetVersion.FindAsync(connection, request.Dataset.Name, request.Dataset.Version, cancellationToken) is not { } version)
            return DatasetsApi.Unknown(request.Dataset.Name, request.Dataset.Version);
        return Answer(await assignment.AssignAsync(deployment, version, role, cancellationToken));
    }

    /// <summary>Adds reviewed random frames to the locked holdout as its next version; without enough of them it stays.</summary>
    static Task<HoldoutsAnswer> GrowAsync(
        string deployment, HoldoutRequest request, HoldoutRenewal renewal, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        RenewAsync(deployment, known => renewal.GrowLockedAsync(known, request, cancellationToken), database, cancellationToken);

    /// <summary>Makes the live holdout of the newest reviewed random frames; without enough of them it stays.</summary>
    static Task<HoldoutsAnswer> RefreshAsync(
        string deployment, HoldoutRequest request, HoldoutRenewal renewal, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        RenewAsync(deployment, known => renewal.RefreshLiveAsync(known, request, cancellationToken), database, cancellationToken);

    static async Task<HoldoutsAnswer> RenewAsync(
        string deployment, Func<Deployment, Task<(HoldoutsInfo? Info, string? Conflict)>> renew, NpgsqlDataSource database,
        CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await Deployment.FindAsync(connection, deployment, cancellationToken) is { } known
            ? Answer(await renew(known))
            : DeploymentsApi.Unknown(deployment);
    }

    static HoldoutsAnswer Answer((HoldoutsInfo? Info, string? Conflict) result) =>
        result.Info is { } info ? TypedResults.Ok(info) : Problem.Conflict(result.Conflict!);
}
