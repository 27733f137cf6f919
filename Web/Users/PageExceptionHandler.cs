using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace RetrainLoop.Web.Users;

/// <summary>
/// What a person sees when a page fails before it can be drawn: a page of its own that needs nothing else. With the database away it tries
/// again by itself. Programs get the problem+json of all services.
/// </summary>
sealed class PageExceptionHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (!SignInScheme.WantsPage(context.Request)) return false;
        var away = exception is NpgsqlException or TimeoutException { InnerException: NpgsqlException } or InvalidOperationException { InnerException: NpgsqlException };
        context.Response.StatusCode = away ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(Page(away), cancellationToken);
        return true;
    }

    static string Page(bool away) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
          <meta charset="utf-8"><title>RetrainLoop</title>{{(away ? "<meta http-equiv=\"refresh\" content=\"3\">" : "")}}
          <style>:root { color-scheme: light dark; } body { font: 15px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto; padding: 0 1.5rem; }</style>
        </head>
        <body>
          <h1>{{(away ? "The database does not answer" : "This page ran into an error")}}</h1>
          <p>{{(away ? "Predictions go on; everything else waits for it. This page tries again every three seconds." : "Nothing was changed. Web's log has the details.")}}</p>
          <p><a href="/">Open the overview</a></p>
        </body>
        </html>
        """;
}
