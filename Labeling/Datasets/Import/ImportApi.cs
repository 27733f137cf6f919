using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Labeling.Datasets.Import;

public static partial class ImportApi
{
    public static void AddDatasetImport(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ImportOptions>().BindConfiguration("Labeling:Import").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<DatasetImport>();
    }

    public static void MapDatasetImport(this IEndpointRouteBuilder routes)
    {
        var limits = routes.ServiceProvider.GetRequiredService<IOptions<ImportOptions>>().Value;
        routes.MapPost("/v1/datasets/import", PostAsync).RequireAuthorization(Access.Operate).WithTags("Datasets").DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(limits.MaximumArchiveBytes))
            .Accepts<IFormFile>("application/zip", "multipart/form-data");
    }

    /// <summary>Imports a zip whole, or refuses it whole: 422 lists each offending file and line under <c>findings</c>.</summary>
    /// <param name="format">yolo (default) or coco.</param>
    /// <param name="role">training (default), lockedHoldout, liveHoldout or recent.</param>
    /// <param name="split">Only this part: train, val or test.</param>
    static async Task<Results<Created<DatasetVersionInfo>, Ok<DatasetVersionInfo>, ProblemHttpResult>> PostAsync(
        HttpRequest request, DatasetImport import, CancellationToken cancellationToken,
        string name, QueryChoice<DatasetFormat>? format = null, QueryChoice<DatasetRole>? role = null, string? deployment = null,
        string? split = null)
    {
        if (!NamePattern().IsMatch(name))
            return Problem.Unprocessable("A dataset's name has 1 to 64 letters, digits, dots, dashes and underscores, and starts with a letter or digit.");
        if (split is not (null or "train" or "val" or "test")) return Problem.Unprocessable("split is train, val or test.");
        var wanted = new ImportRequest(name, format?.Value ?? DatasetFormat.Yolo, role?.Value ?? DatasetRole.Training, deployment, split);
        var findings = new Findings();
        try
        {
            await using var upload = await UploadedArchive.ReceiveAsync(request, cancellationToken);
            var creation = await import.ImportAsync(upload, wanted, findings, cancellationToken);
            if (findings.Any) return Refused(findings);
            if (creation!.Version is not { } version) return Problem.Conflict(creation.Conflict!);
            var info = version.ToInfo();
            return creation.Created ? TypedResults.Created($"/v1/datasets/{info.Name}/versions/{info.Version}", info) : TypedResults.Ok(info);
        }
        catch (InvalidDataException exception)
        {
            return Problem.Unprocessable($"The body is not a zip archive that can be read: {exception.Message}");
        }
    }

    static ProblemHttpResult Refused(Findings findings)
    {
        var first = findings.First[0];
        var place = first.Line is { } line ? $"{first.File}, line {line}" : first.File;
        var more = findings.Count == 1 ? "" : $" There are {findings.Count} findings; the first {findings.First.Count} are listed.";
        return TypedResults.Problem($"Nothing was imported. {place}: {first.Problem}.{more}", statusCode: StatusCodes.Status422UnprocessableEntity,
            extensions: new Dictionary<string, object?> { ["findings"] = findings.First, ["findingCount"] = findings.Count });
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    private static partial Regex NamePattern();
}
