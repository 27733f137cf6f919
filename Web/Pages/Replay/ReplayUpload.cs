using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages.Replay;

/// <summary>Passes an archive on to Inference as it comes in: gigabytes never lie in memory, and never go through a circuit.</summary>
public static class ReplayUpload
{
    const string Service = "inference", Suffix = "-upload";
    static readonly TimeSpan Limit = TimeSpan.FromHours(12);

    public static void AddReplayUpload(this WebApplicationBuilder builder) => builder.Services.AddPlainClient(Service, Suffix, Limit);

    /// <summary>The address to which the page posts, with <c>name</c> and <c>baselineDays</c> in the query.</summary>
    public static string Address(string deployment) => $"/deployments/{Uri.EscapeDataString(deployment)}/replays";

    /// <summary>Maps the post of a zip. The form's token travels in a header, because the body is the archive.</summary>
    public static void MapReplayUpload(this WebApplication app) => app
        .MapPost("/deployments/{deployment}/replays", ForwardAsync).RequireAuthorization(Access.Operate)
        .WithMetadata(new DisableRequestSizeLimitAttribute()).ExcludeFromDescription();

    static async Task<IResult> ForwardAsync(
        string deployment, HttpContext context, IAntiforgery antiforgery, IHttpClientFactory http, CancellationToken cancellationToken)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return Problem.BadRequest("The page is out of date. Load it again, then upload once more.");
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"/v1/deployments/{Uri.EscapeDataString(deployment)}/replays{context.Request.QueryString}")
        {
            Content = new StreamContent(context.Request.Body),
        };
        request.Content.Headers.ContentLength = context.Request.ContentLength;
        request.Headers.TryAddWithoutValidation(KeyAuthentication.ActingUserHeader, context.User.Identity?.Name);
        try
        {
            using var answer = await http.CreateClient(Service + Suffix).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body, cancellationToken);
            return Results.Empty;
        }
        catch (HttpRequestException exception)
        {
            return Problem.Of(StatusCodes.Status502BadGateway, $"Inference took no archive: {exception.Message}. Upload it again in a moment.");
        }
    }
}
