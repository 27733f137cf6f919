using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace RetrainLoop.ServiceDefaults.Hosting;

/// <summary>Sentences for answers that the framework gives as a bare status, so that every problem says what to do.</summary>
static class BareStatus
{
    const double Megabyte = 1_000_000;

    public static void Explain(ProblemDetailsContext context) => context.ProblemDetails.Detail ??= SentenceOf(context.HttpContext, context.ProblemDetails.Status);

    static string? SentenceOf(HttpContext http, int? status) => status switch
    {
        StatusCodes.Status404NotFound when http.GetEndpoint() is null => $"There is nothing at {http.Request.Path}. The service's /scalar page lists its calls.",
        StatusCodes.Status405MethodNotAllowed => $"{http.Request.Path} does not take {http.Request.Method}. The service's /scalar page lists its calls.",
        StatusCodes.Status413PayloadTooLarge => Limit(http) is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $"The body is larger than the {bytes / Megabyte:0.#} MB that this call takes, unpacked. Send less at once.")
            : "The body is larger than this call takes. Send less at once.",
        StatusCodes.Status415UnsupportedMediaType => $"This call does not take '{http.Request.ContentType}'. The service's /scalar page says what it takes.",
        _ => null,
    };

    static long? Limit(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
}
