using System.ComponentModel;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Predict.Annotation;
using RetrainLoop.Inference.Predict.Snippets;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Predict;

static class PredictApi
{
    public static void AddPredict(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PredictOptions>().BindConfiguration("Predict").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => new ByteBudget(services.GetRequiredService<IOptions<PredictOptions>>().Value.MaxBytesInFlight));
        builder.Services.AddSingleton<RemoteImages>();
        builder.Services.AddSingleton<PredictBody>();
        builder.Services.AddSingleton<AnnotatedImages>();
        builder.Services.AddSingleton<PredictPipeline>();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, BodyMemory>();
        builder.Services.AddSingleton<PredictHandler>();
    }

    public static void MapPredict(this IEndpointRouteBuilder routes)
    {
        var limit = routes.ServiceProvider.GetRequiredService<IOptions<PredictOptions>>().Value.MaxRequestBytes;
        routes.MapPost("/v1/deployments/{deployment}/predict", PredictAsync).RequireAuthorization(Access.Predict)
            .WithMetadata(new RequestSizeLimitAttribute(limit)).DisableAntiforgery().WithTags("Predict")
            .WithSummary("Detect objects in one or more images")
            .WithDescription(
                "Send the image as the body, several as the files of a multipart form, or {\"url\": \"https://...\"} as JSON where the service allows it. "
                + "The optional headers X-Region, X-Camera, X-Frame-Id and X-Captured-At say where and when a frame was taken. "
                + "Boxes are in pixels of the upright image; x and y are the top left corner.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable).ProducesProblem(StatusCodes.Status504GatewayTimeout)
            .AddOpenApiOperationTransformer(PredictDocument.DescribeAsync);
        routes.MapSnippets();
    }

    static Task<Results<Ok<PredictResponse>, FileContentHttpResult, ProblemHttpResult>> PredictAsync(
        [Description("Name of the deployment")] string deployment, HttpContext http, PredictHandler handler, CancellationToken cancellationToken,
        [Description("Boxes above this confidence, in [0, 1], are answered.")]
        double conf = PredictCall.DefaultConfidence,
        [Description("Of boxes of one class that overlap by more than this IoU, in [0, 1], the best one stays.")]
        double iou = PredictCall.DefaultIoU,
        [Description("Longer side of the network's input in pixels; for models that were exported with a dynamic size, and only a few times their own.")]
        int? imgsz = null,
        [Description("Only these classes: indices or names, separated by commas.")]
        string? classes = null,
        [Description("True answers with the picture and its boxes as image/jpeg; so does 'Accept: image/jpeg'.")]
        bool annotate = false) =>
        handler.HandleAsync(deployment, new PredictParameters(conf, iou, imgsz, classes, annotate), http, cancellationToken);
}
