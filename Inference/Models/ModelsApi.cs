using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Blobs;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Models;

static partial class ModelsApi
{
    const int LongestKey = 200;

    public static void AddModels(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ModelOptions>().BindConfiguration("Models").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ModelRegistry>();
    }

    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var limit = routes.ServiceProvider.GetRequiredService<IOptions<ModelOptions>>().Value.MaxUploadBytes;
        var models = routes.MapGroup("/v1/models").WithTags("Models");
        models.MapPost("", UploadAsync).RequireAuthorization(Access.Operate).WithMetadata(new RequestSizeLimitAttribute(limit)).DisableAntiforgery();
        models.MapPost("/from-artifacts", FetchAndRegisterAsync).RequireAuthorization(Access.Operate);
        models.MapGet("", async (NpgsqlDataSource database, CancellationToken cancellationToken) =>
            TypedResults.Ok(await ModelSql.ListAsync(database, cancellationToken))).RequireAuthorization(Access.View);
        models.MapGet("/{name}/versions/{version:int}", ReadAsync).RequireAuthorization(Access.View);
    }

    static async Task<Results<Created<ModelVersionInfo>, Ok<ModelVersionInfo>, ProblemHttpResult>> UploadAsync(
        HttpRequest request, NpgsqlDataSource database, ModelRegistry registry, BlobStore blobs, CancellationToken cancellationToken)
    {
        var stored = new List<ArtifactRef>();
        try
        {
            await using var hold = new BlobHold(database);
            var upload = await ModelUpload.ReadAsync(request, blobs, hold, stored, cancellationToken);
            if (upload.File is null) return Problem.BadRequest("There is no part 'file' with the ONNX model.");
            if (WrongName(upload.Name) is { } wrong) return wrong;
            return await RegisterAsync(registry, new NewModel(
                upload.Name!, upload.File, upload.Checkpoint, upload.Spec, new ModelLineage(), new Dictionary<string, double>(), Key: null),
                cancellationToken);
        }
        finally
        {
            await registry.DropUnusedAsync(stored, CancellationToken.None); // also when the sender went away
        }
    }

    static async Task<Results<Created<ModelVersionInfo>, Ok<ModelVersionInfo>, ProblemHttpResult>> FetchAndRegisterAsync(
        ModelRegistration registration, NpgsqlDataSource database, ModelRegistry registry, BlobStore blobs, CancellationToken cancellationToken)
    {
        if (WrongName(registration.Name) is { } wrong) return wrong;
        if (string.IsNullOrWhiteSpace(registration.Key)) return Problem.BadRequest("'key' names the registration, so that a repetition is harmless.");
        if (registration.Key.Length > LongestKey) return Problem.BadRequest($"'key' has at most {LongestKey} characters.");
        if (registration.Onnx?.Uri is null || registration.Checkpoint is { Uri: null } || registration.Lineage is null)
            return Problem.BadRequest("'onnx' names the file by 'uri', 'sha256' and 'length'; so does 'checkpoint'. 'lineage' may be {}.");
        if (await ModelSql.FindByKeyAsync(database, registration.Key, cancellationToken) is { } known) return TypedResults.Ok(known);
        var stored = new List<ArtifactRef>();
        try
        {
            await using var hold = new BlobHold(database);
            var onnx = await FetchAsync(registration.Onnx, hold);
            var checkpoint = registration.Checkpoint is null ? null : await FetchAsync(registration.Checkpoint, hold);
            return await RegisterAsync(registry, new NewModel(registration.Name, onnx, checkpoint, new ModelSpec(), registration.Lineage,
                registration.Metrics ?? new Dictionary<string, double>(), registration.Key), cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            return Problem.Unprocessable(exception.Message);
        }
        finally
        {
            await registry.DropUnusedAsync(stored, CancellationToken.None);
        }

        async Task<ArtifactRef> FetchAsync(ArtifactRef artifact, BlobHold hold)
        {
            var file = await blobs.FetchAsync(artifact, hold.OnAsync, cancellationToken);
            stored.Add(file);
            return file;
        }
    }

    static async Task<Results<Created<ModelVersionInfo>, Ok<ModelVersionInfo>, ProblemHttpResult>> RegisterAsync(
        ModelRegistry registry, NewModel model, CancellationToken cancellationToken)
    {
        try
        {
            var (info, created) = await registry.RegisterAsync(model, cancellationToken);
            return created ? TypedResults.Created($"/v1/models/{info.Name}/versions/{info.Version}", info) : TypedResults.Ok(info);
        }
        catch (UnservableModelException refusal)
        {
            return Problem.Unprocessable(refusal.Message);
        }
    }

    static async Task<Results<Ok<ModelVersionInfo>, ProblemHttpResult>> ReadAsync(
        string name, int version, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await ModelSql.FindAsync(database, new ModelRef(name, version), cancellationToken) is { } model
            ? TypedResults.Ok(model)
            : Problem.NotFound($"There is no model {name} v{version}. GET /v1/models lists them.");

    static ProblemHttpResult? WrongName(string? name) => name is not null && Name().IsMatch(name)
        ? null
        : Problem.BadRequest("'name' has 1 to 64 letters, digits, '.', '_' or '-', and starts with a letter or digit.");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    private static partial Regex Name();
}
