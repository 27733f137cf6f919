using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace RetrainLoop.Web.Users;

/// <summary>
/// What a person sees when a page fails before it can be drawn: a page of its own that needs nothing else. With the database away it tries
/// again by itself. Programs get the problem+json of all services.
/// </summary>
sealed partial class PageExceptionHandler(ILogger<PageExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (!SignInScheme.WantsPage(context.Request)) return false;
        var (status, title, text) = Explain(exception);
        if (status >= StatusCodes.Status500InternalServerError) LogFailed(exception, context.Request.Path);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(Page(title, text, again: status == StatusCodes.Status503ServiceUnavailable), cancellationToken);
        return true;
    }

    static (int Status, string Title, string Text) Explain(Exception exception) => exception switch
    {
        NpgsqlException or { InnerException: NpgsqlException } => (StatusCodes.Status503ServiceUnavailable, "The database does not answer",
            "Predictions go on; everything else waits for it. This page tries again every three seconds."),
        BadHttpRequestException bad => (bad.StatusCode, "That form is not valid any more", "Open the page again and repeat the last step."),
        _ => (StatusCodes.Status500InternalServerError, "This page ran into an error", "Nothing was changed. Web's log has the details."),
    };

    static string Page(string title, string text, bool again) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
          <meta charset="utf-8"><title>RetrainLoop</title>{{(again ? "<meta http-equiv=\"refresh\" content=\"3\">" : "")}}
          <style>:root { color-scheme: light dark; } body { font: 15px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto; padding: 0 1.5rem; }</style>
        </head>
        <body>
          <h1>{{title}}</h1>
          <p>{{text}}</p>
          <p><a href="/">Open the overview</a></p>
        </body>
        </html>
        """;

    [LoggerMessage(Level = LogLevel.Error, Message = "The page {Path} failed")]
    partial void LogFailed(Exception exception, string path);
}
