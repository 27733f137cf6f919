using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Npgsql;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.ServiceDefaults.Hosting;

/// <summary>Turns what escaped an endpoint into problem+json. A dependency that is away is 503 with Retry-After, not a crash.</summary>
sealed partial class ProblemExceptionHandler(IProblemDetailsService problems, ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }
        var (status, detail) = Explain(exception);
        if (status >= 500) LogUnhandled(exception, context.Request.Method, context.Request.Path);
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "2";
        context.Response.StatusCode = status;
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = new ProblemDetails { Status = status, Detail = detail },
        });
    }

    static (int Status, string Detail) Explain(Exception exception) => exception switch
    {
        BadHttpRequestException bad when bad.InnerException is JsonException json => (bad.StatusCode, $"The body is not the JSON that this call takes: {json.Message}"),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message),
        // Class 22, data exception: text with a NUL, a number out of range.
        PostgresException { SqlState: ['2', '2', ..] } data => (StatusCodes.Status400BadRequest, $"A value cannot be stored: {data.MessageText}."),
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } =>
            (StatusCodes.Status409Conflict, "Somebody else wrote the same at this moment. Try again."),
        // Class 23, integrity constraint: a value is missing or refers to nothing. Class 54: a key that is too long for its index.
        PostgresException { SqlState: ['2', '3', ..] or ['5', '4', ..] } refused =>
            (StatusCodes.Status422UnprocessableEntity, $"A value does not fit what is stored: {refused.MessageText}."),
        // Kestrel's answer to a chunk size of more than 31 bits; its other complaints about bodies are bad requests already.
        IOException { InnerException: OverflowException } => (StatusCodes.Status400BadRequest, "The body's chunks are not as HTTP has them."),
        NpgsqlException or TimeoutException { InnerException: NpgsqlException } =>
            (StatusCodes.Status503ServiceUnavailable, "The database does not answer. Nothing was changed; try again in a few seconds."),
        BlobStorageException => (StatusCodes.Status503ServiceUnavailable, "The blob storage does not answer. Try again in a few seconds."),
        HttpRequestException => (StatusCodes.Status502BadGateway, "A service that this call needs does not answer. Try again in a few seconds."),
        _ => (StatusCodes.Status500InternalServerError, "Something went wrong here, not in your request. The service's log has the details under the trace id."),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    partial void LogUnhandled(Exception exception, string method, string path);
}
