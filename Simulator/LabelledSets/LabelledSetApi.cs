using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Simulator.LabelledSets;

public static class LabelledSetApi
{
    public static void MapLabelledSets(this IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/labelled-sets", MakeAsync).RequireAuthorization(Access.Operate)
        .WithSummary("Renders frames with their labels: a zip in YOLO layout; the same request gives the same bytes.");

    static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> MakeAsync(LabelledSetRequest request, CancellationToken cancellation)
    {
        var problems = string.Join(' ', request.Problems());
        if (problems.Length > 0) return Problem.BadRequest(problems);
        // By way of a file: a large set fits into no memory, and a zip cannot be written to a response without blocking calls.
        var file = new FileStream(
            Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        try
        {
            await LabelledSet.WriteZipAsync(request, file, cancellation);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
        file.Position = 0;
        return TypedResults.Stream(file, "application/zip", $"line-{request.Count}-s{request.Seed}.zip");
    }
}
