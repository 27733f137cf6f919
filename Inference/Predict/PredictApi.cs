using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Deployments;
using RetrainLoop.Inference.Images;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Predict;

static class PredictApi
{
    public static void AddPredict(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PredictOptions>().BindConfiguration("Predict").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<PredictPipeline>();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, BodyMemory>();
    }

    public static void MapPredict(this IEndpointRouteBuilder routes)
    {
        var limit = routes.ServiceProvider.GetRequiredService<IOptions<PredictOptions>>().Value.MaxRequestBytes;
        routes.MapPost("/v1/deployments/{deployment}/predict", PredictAsync).RequireAuthorization(Access.Predict)
            .WithMetadata(new RequestSizeLimitAttribute(limit)).DisableAntiforgery().WithTags("Predict");
    }

    static async Task<Results<Ok<PredictResponse>, ProblemHttpResult>> PredictAsync(
        string deployment, HttpContext http, DeploymentDirectory directory, PredictPipeline pipeline, IOptions<PredictOptions> options,
        IOptions<ImageOptions> images, TimeProvider time, CancellationToken cancellationToken, double conf = 0.25,
        double iou = PredictCall.DefaultIoU, string? classes = null)
    {
        if (directory.Find(deployment) is not { } serving) return NotServing(deployment, directory, http.Response);
        List<PredictFile> files;
        try
        {
            files = await PredictBody.ReadAsync(http.Request, options.Value, images.Value, cancellationToken);
        }
        catch (BadImageException refusal)
        {
            pipeline.Record(serving, PredictCall.Of(http.Request, conf, iou, classes, serving, time), RequestOutcome.BadInput);
            return Problem.Of(refusal.Status, refusal.Message);
        }
        try
        {
            var call = PredictCall.Of(http.Request, conf, iou, classes, serving, time);
            var slot = serving.Route(call.RoutingKey);
            var results = files.Count == 1
                ? [await pipeline.RunAsync(serving, slot, call, files[0], cancellationToken)]
                : await Task.WhenAll(files.Select(file => pipeline.RunAsync(serving, slot, call, file, cancellationToken)));
            return Answer(call, results, http.Response);
        }
        finally
        {
            foreach (var file in files) file.Bytes.Release();
        }
    }

    static Results<Ok<PredictResponse>, ProblemHttpResult> Answer(PredictCall call, FrameResult[] results, HttpResponse response)
    {
        foreach (var result in results)
        {
            if (result.Outcome == RequestOutcome.Ok) continue;
            if (result.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = "1";
            return Problem.Of(result.Status, result.Detail);
        }
        return TypedResults.Ok(new PredictResponse(call.RequestId, results[0].Model, [.. results.Select(result => result.Prediction!)]));
    }

    static ProblemHttpResult NotServing(string deployment, DeploymentDirectory directory, HttpResponse response)
    {
        if (directory.IsLoaded) return Problem.NotFound(DeploymentsApi.NoDeployment(deployment));
        response.Headers.RetryAfter = "2";
        return Problem.Of(StatusCodes.Status503ServiceUnavailable, "This instance is still loading its models. Try again in a few seconds.");
    }
}
