using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace RetrainLoop.ServiceDefaults;

/// <summary>Short forms of problem+json answers. Details are sentences that say what is wrong and what to do.</summary>
public static class Problem
{
    public static ProblemHttpResult BadRequest(string detail) => Of(StatusCodes.Status400BadRequest, detail);
    public static ProblemHttpResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, detail);
    public static ProblemHttpResult Conflict(string detail) => Of(StatusCodes.Status409Conflict, detail);
    public static ProblemHttpResult Stale(string detail) => Of(StatusCodes.Status412PreconditionFailed, detail);
    public static ProblemHttpResult TooLarge(string detail) => Of(StatusCodes.Status413PayloadTooLarge, detail);
    public static ProblemHttpResult UnsupportedMediaType(string detail) => Of(StatusCodes.Status415UnsupportedMediaType, detail);
    public static ProblemHttpResult Unprocessable(string detail) => Of(StatusCodes.Status422UnprocessableEntity, detail);
    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(detail, statusCode: status);
}
