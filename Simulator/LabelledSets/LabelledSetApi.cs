using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Simulator.LabelledSets;

public static class LabelledSetApi
{
    public static void MapLabelledSets(this IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/labelled-sets", Make).RequireAuthorization(Access.Operate)
        .WithSummary("Renders frames with their labels: a zip in YOLO layout; the same request gives the same bytes.");

    static Results<PushStreamHttpResult, ProblemHttpResult> Make(LabelledSetRequest request, CancellationToken cancellation)
    {
        var problems = string.Join(' ', request.Problems());
        if (problems.Length > 0) return Problem.BadRequest(problems);
        return TypedResults.Stream(
            output => LabelledSet.WriteZipAsync(request, output, cancellation), "application/zip", $"line-{request.Count}-s{request.Seed}.zip");
    }
}
