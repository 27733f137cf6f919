using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.Contracts;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Validations;

public static class ValidationsApi
{
    public static void AddValidations(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ValidationOptions>().BindConfiguration("Monitor:Validation").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<Validator>();
    }

    /// <summary>Maps <c>/v1/validations</c>.</summary>
    public static IEndpointRouteBuilder MapValidationsApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/validations").WithTags("Validations");
        group.MapPost("/", ValidateAsync).RequireAuthorization(Access.Operate)
            .WithSummary("Judges a candidate against the champion on the locked holdout and on recent frames.");
        group.MapGet("/{id:guid}", FindAsync).RequireAuthorization(Access.View);
        return routes;
    }

    static async Task<Results<Ok<ValidationReport>, ProblemHttpResult>> ValidateAsync(
        ValidationRequest request, Validator validator, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Key) || request.LockedHoldout is null || request.Recent is null)
            return Problem.BadRequest("A validation needs a key, lockedHoldout and recent.");
        try
        {
            return TypedResults.Ok(await validator.ValidateAsync(request, cancellationToken));
        }
        catch (InvalidDataException exception)
        {
            return Problem.Unprocessable(exception.Message);
        }
    }

    static async Task<Results<Ok<ValidationReport>, ProblemHttpResult>> FindAsync(Guid id, Validator validator, CancellationToken cancellationToken) =>
        await validator.FindAsync(id, cancellationToken) is { } report ? TypedResults.Ok(report) : Problem.NotFound("There is no such validation.");
}
