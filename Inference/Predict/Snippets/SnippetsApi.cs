using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Deployments;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Predict.Snippets;

static class SnippetsApi
{
    static readonly (string Language, string Title, string Resource)[] Languages =
    [
        ("curl", "curl", "predict.sh"), ("python", "Python (requests)", "predict.py"), ("javascript", "JavaScript (fetch)", "predict.mjs"),
        ("csharp", "C# (HttpClient)", "predict-csharp.txt"),
    ];

    public static void MapSnippets(this IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/deployments/{deployment}/snippets", Read).RequireAuthorization(Access.View).WithTags("Predict")
        .WithSummary("Ready programs that send an image to this deployment")
        .WithDescription("They read the API key from the environment variable API_KEY and the picture from frame.jpg.");

    static Results<Ok<PredictSnippets>, ProblemHttpResult> Read(
        string deployment, HttpRequest request, DeploymentDirectory directory, IOptions<PredictOptions> options)
    {
        if (directory.Find(deployment) is null) return Problem.NotFound(DeploymentsApi.NoDeployment(deployment));
        var origin = options.Value.PublicUrl?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host.ToUriComponent()}";
        var url = $"{origin}/v1/deployments/{Uri.EscapeDataString(deployment)}/predict";
        return TypedResults.Ok(new PredictSnippets(
            deployment, url, [.. Languages.Select(language => new PredictSnippet(language.Language, language.Title, CodeOf(language.Resource, url)))]));
    }

    static string CodeOf(string resource, string url)
    {
        using var reader = new StreamReader(typeof(SnippetsApi).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd().Replace("{{url}}", url, StringComparison.Ordinal);
    }
}
