using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Images;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Execution;

static class ExecutionExtensions
{
    public static void AddExecution(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ExecutionOptions>().BindConfiguration("Execution").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<ImageOptions>().BindConfiguration("Images").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ExecutionProvider>();
        builder.Services.AddSingleton<DetectorLoader>();
        builder.Services.AddSingleton<LoadedModels>();
        builder.Services.AddSingleton<ResizedModels>();
        builder.Services.AddSingleton(services =>
        {
            var capacity = services.GetRequiredService<IOptions<ExecutionOptions>>().Value.QueueCapacity;
            return new FrameQueue(capacity, services.GetRequiredService<ExecutionProvider>().Workers);
        });
        builder.Services.AddHostedService<InferenceWorkers>();
    }

    /// <summary>Maps <c>GET /v1/info</c>: what models run on, and why.</summary>
    public static void MapInfo(this IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/info", (ExecutionProvider provider) => TypedResults.Ok(provider.Info))
        .RequireAuthorization(Access.View).WithTags("Info");
}
