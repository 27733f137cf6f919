using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Web.Images;

/// <summary>Pictures of other services for signed-in people: fetched with the service token, sent by plain HTTP, never through a circuit.</summary>
public static class ImageProxy
{
    const string Client = "images";
    static readonly string[] Owners = ["inference", "labeling"];

    public static void AddImages(this WebApplicationBuilder builder) =>
        builder.Services.AddHttpClient(Client).AddHttpMessageHandler<ServiceTokenHandler>();

    /// <summary>Maps <c>GET /images/{service}/{sha256}</c>. The content never changes under its hash, so a browser may keep it.</summary>
    public static void MapImages(this WebApplication app) => app
        .MapGet("/images/{service}/{sha256:regex(^[0-9a-f]{{64}}$)}", ReadAsync).RequireAuthorization(Access.View).ExcludeFromDescription();

    /// <summary>The address of a blob's picture as a page uses it.</summary>
    public static string AddressOf(ArtifactRef image) => $"/images/{new Uri(image.Uri).Host}/{image.Sha256}";

    static ProblemHttpResult Away(string service) =>
        Problem.Of(StatusCodes.Status503ServiceUnavailable, $"{service} does not give the picture now. Reload the page in a moment.");

    static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> ReadAsync(
        string service, string sha256, IHttpClientFactory http, HttpContext context, CancellationToken cancellationToken)
    {
        if (!Owners.Contains(service)) return Problem.NotFound($"'{service}' keeps no pictures.");
        HttpResponseMessage response;
        try
        {
            response = await http.CreateClient(Client)
                .GetAsync($"http://{service}/v1/blobs/{sha256}", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException)
        {
            return Away(service);
        }
        context.Response.RegisterForDispose(response);
        if (response.StatusCode == HttpStatusCode.NotFound) return Problem.NotFound("This picture has expired or was erased.");
        if (!response.IsSuccessStatusCode) return Away(service);
        if (response.Content.Headers.ContentType?.MediaType is not { } type || !type.StartsWith("image/", StringComparison.Ordinal))
            return Problem.NotFound("There is something else than a picture under this hash.");
        context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return TypedResults.Stream(await response.Content.ReadAsStreamAsync(cancellationToken), type, entityTag: new EntityTagHeaderValue($"\"{sha256}\""));
    }
}
