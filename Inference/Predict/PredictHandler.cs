using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Deployments;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Predict.Annotation;
using RetrainLoop.Inference.Requests;

namespace RetrainLoop.Inference.Predict;

/// <summary>One prediction request from its headers to its answer. What goes wrong is counted, remembered and told with the request's id.</summary>
sealed class PredictHandler(
    DeploymentDirectory directory, PredictPipeline pipeline, PredictBody body, AnnotatedImages annotated, RequestLog log,
    IOptions<ExecutionOptions> execution, TimeProvider time)
{
    public async Task<Results<Ok<PredictResponse>, FileContentHttpResult, ProblemHttpResult>> HandleAsync(
        string deployment, PredictParameters parameters, HttpContext http, CancellationToken cancellationToken)
    {
        if (directory.Find(deployment) is not { } serving) return NotServing(deployment, http.Response);
        var call = PredictCall.Of(http.Request, parameters, serving, time);
        var (files, refusal) = await ReadAsync(call, serving, http.Request, cancellationToken);
        if (refusal is not null) return refusal;
        try
        {
            var draws = parameters.Annotate || PrefersPicture(http.Request);
            if (draws && files.Count > 1) return Problem.BadRequest("An annotated picture shows one image: send one file, or leave 'annotate' out.");
            call = call with { Received = time.GetTimestamp(), Upload = time.GetElapsedTime(call.Received) };
            var slot = serving.Route(call.RoutingKey);
            var results = await RunAsync(call, serving, slot, files, cancellationToken);
            if (Array.Find(results, result => result.Outcome != RequestOutcome.Ok) is { } failed) return Refused(call, failed, http.Response);
            if (draws) return await DrawAsync(call, serving, slot, files[0], results[0], http.Response, cancellationToken);
            return TypedResults.Ok(new PredictResponse(call.RequestId, results[0].Model, [.. results.Select(result => result.Prediction!)]));
        }
        finally
        {
            foreach (var file in files) file.Bytes.Release();
        }
    }

    // The model has answered by then, which is counted; a picture that comes too late is only remembered.
    async Task<Results<Ok<PredictResponse>, FileContentHttpResult, ProblemHttpResult>> DrawAsync(
        PredictCall call, ServingDeployment serving, ModelSlot slot, PredictFile file, FrameResult result, HttpResponse response,
        CancellationToken cancellationToken)
    {
        var left = execution.Value.Deadline - time.GetElapsedTime(call.Received);
        if (await annotated.DrawAsync(file, result.Prediction!.Boxes, left, cancellationToken) is { } picture)
            return TypedResults.Bytes(picture, "image/jpeg");
        var late = FrameResult.TimedOut(result.Model, execution.Value.Deadline, stalled: false);
        Remember(call, serving, slot, file.File, late);
        return Refused(call, late, response);
    }

    async Task<(List<PredictFile> Files, ProblemHttpResult? Refusal)> ReadAsync(
        PredictCall call, ServingDeployment serving, HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return (await body.ReadAsync(request, cancellationToken), null);
        }
        catch (BadImageException refusal)
        {
            return ([], Refuse(RequestOutcome.BadInput, refusal.Status, refusal.Message));
        }
        catch (BadHttpRequestException refusal)
        {
            return ([], Refuse(RequestOutcome.BadInput, refusal.StatusCode, refusal.Message));
        }
        catch (OverloadedException full)
        {
            return ([], Refuse(RequestOutcome.Overloaded, StatusCodes.Status429TooManyRequests, full.Message));
        }

        ProblemHttpResult Refuse(RequestOutcome outcome, int status, string detail)
        {
            pipeline.Record(serving, call, outcome);
            var refused = new FrameResult(outcome, serving.Info.Champion, null, status, detail);
            Remember(call, serving, ModelSlot.Champion, null, refused);
            return Refused(call, refused, request.HttpContext.Response);
        }
    }

    async Task<FrameResult[]> RunAsync(
        PredictCall call, ServingDeployment serving, ModelSlot slot, List<PredictFile> files, CancellationToken cancellationToken)
    {
        var results = await pipeline.RunAsync(serving, slot, call, files, cancellationToken);
        for (var i = 0; i < results.Length; i++)
            if (results[i].Outcome != RequestOutcome.Ok) Remember(call, serving, slot, files[i].File, results[i]);
        return results;
    }

    void Remember(PredictCall call, ServingDeployment serving, ModelSlot slot, string? file, FrameResult result)
    {
        if (call.IsTrial) return;
        log.Add(new RequestOrigin(call.RequestId, serving.Info.Name, result.Model, slot, call.Source, file)
            .Remember(result.Outcome, result.Status, result.Detail, null, time.GetUtcNow()));
    }

    static ProblemHttpResult Refused(PredictCall call, FrameResult failed, HttpResponse response)
    {
        if (failed.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = "1";
        return ProblemOf(call, failed);
    }

    static ProblemHttpResult ProblemOf(PredictCall call, FrameResult failed) => TypedResults.Problem(
        failed.Detail, statusCode: failed.Status, extensions: new Dictionary<string, object?> { ["requestId"] = call.RequestId });

    ProblemHttpResult NotServing(string deployment, HttpResponse response)
    {
        if (directory.AbsenceOf(deployment) is { } absence)
        {
            response.Headers.RetryAfter = "5";
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, $"{deployment} cannot be served by this instance now: {absence.Reason}");
        }
        if (directory.IsLoaded) return Problem.NotFound(DeploymentsApi.NoDeployment(deployment));
        response.Headers.RetryAfter = "2";
        return Problem.Of(StatusCodes.Status503ServiceUnavailable, "This instance is still loading its models. Try again in a few seconds.");
    }

    static bool PrefersPicture(HttpRequest request) =>
        request.Headers.Accept.ToString() is { Length: > 0 } accept && accept.Contains("image/jpeg", StringComparison.OrdinalIgnoreCase)
        && !accept.Contains("json", StringComparison.OrdinalIgnoreCase);
}
