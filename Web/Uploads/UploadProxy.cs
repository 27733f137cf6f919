using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Uploads;

/// <summary>
/// Files of signed-in people on their way to Inference: streamed as they come with the person named, never kept, never through a circuit.
/// A page sends its antiforgery token as the header <c>RequestVerificationToken</c>.
/// </summary>
public static class UploadProxy
{
    const string Suffix = "-upload", TokenHeader = "RequestVerificationToken";
    const string TrialHeader = "X-Trial";
    const string Away = "Inference does not answer, or cut the upload off.";
    const string Client = "inference" + Suffix;
    static readonly TimeSpan Patience = TimeSpan.FromHours(12);

    public static void AddUploads(this WebApplicationBuilder builder) => builder.Services.AddPlainClient("inference", Suffix, Patience);

    /// <summary>
    /// Maps <c>POST /uploads/models</c> (the multipart form of <c>POST /v1/models</c>), <c>POST /uploads/pictures/{deployment}</c> (a raw image) and
    /// <c>POST /uploads/replays/{deployment}</c> (a zip, with <c>name</c> and <c>baselineDays</c> in the query). A picture is a trial: it is neither counted nor kept.
    /// </summary>
    public static void MapUploads(this WebApplication app)
    {
        var uploads = app.MapGroup("/uploads").ExcludeFromDescription();
        // How much may come is Inference's to say, which counts while it reads.
        uploads.MapPost("/models", (HttpContext context, [AsParameters] Way way) => way.PassAsync(context, "/v1/models", Away))
            .RequireAuthorization(Access.Operate).WithMetadata(new DisableRequestSizeLimitAttribute());
        uploads.MapPost("/pictures/{deployment}", (string deployment, HttpContext context, [AsParameters] Way way) =>
                way.PassAsync(context, $"/v1/deployments/{Uri.EscapeDataString(deployment)}/predict{context.Request.QueryString}", $"{Away} Try again when it is back.", trial: true))
            .RequireAuthorization(Access.View).WithMetadata(new DisableRequestSizeLimitAttribute());
        uploads.MapPost("/replays/{deployment}", (string deployment, HttpContext context, [AsParameters] Way way) =>
                way.PassAsync(context, $"/v1/deployments/{Uri.EscapeDataString(deployment)}/replays{context.Request.QueryString}",
                    $"{Away} Look in the list whether the replay is there before you try again."))
            .RequireAuthorization(Access.Operate).WithMetadata(new DisableRequestSizeLimitAttribute());
    }

    /// <summary>What an upload passes through.</summary>
    readonly record struct Way(IHttpClientFactory Http, IAntiforgery Antiforgery)
    {
        /// <param name="away">Said when no answer comes.</param>
        /// <param name="trial">What Inference answers is for the person alone.</param>
        public async Task<Results<EmptyHttpResult, ProblemHttpResult>> PassAsync(HttpContext context, string path, string away, bool trial = false)
        {
            // Without the header the check would look for the token in the form, and read the whole file for it.
            if (!context.Request.Headers.ContainsKey(TokenHeader) || !await Antiforgery.IsRequestValidAsync(context))
                return Problem.BadRequest("This page is out of date, or the upload comes from elsewhere. Reload the page and try again.");
            using var request = Request(context, path, trial);
            try
            {
                using var answer = await Http.CreateClient(Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
                context.Response.StatusCode = (int)answer.StatusCode;
                context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
                await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
                return TypedResults.Empty;
            }
            catch (HttpRequestException) when (!context.Response.HasStarted)
            {
                return Problem.Of(StatusCodes.Status503ServiceUnavailable, away);
            }
        }

        static HttpRequestMessage Request(HttpContext context, string path, bool trial)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StreamContent(context.Request.Body) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
            request.Content.Headers.ContentLength = context.Request.ContentLength;
            request.Headers.ExpectContinue = true; // a refusal comes before the file is sent, and is not lost when the connection closes
            request.Headers.TryAddWithoutValidation(KeyAuthentication.ActingUserHeader, context.User.Identity?.Name ?? "unknown");
            if (trial) request.Headers.TryAddWithoutValidation(TrialHeader, "true");
            if (context.Request.Headers["X-Camera"].ToString() is { Length: > 0 } camera) request.Headers.TryAddWithoutValidation("X-Camera", camera);
            return request;
        }
    }
}
