using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Telemetry;

public static class TelemetryApi
{
    /// <summary>Registers intake, folding and retention.</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<TelemetryOptions>().BindConfiguration("Monitor:Telemetry").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<SeriesNudge>();
        builder.Services.AddSingleton<TelemetryFolder>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TelemetryFolder>());
        builder.Services.AddHostedService<SeriesRollUp>();
        builder.Services.AddHostedService<TelemetryRetention>();
    }

    /// <summary>Maps <c>POST /v1/telemetry</c>: 200 means that the batch is durable.</summary>
    public static IEndpointRouteBuilder MapTelemetryApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/telemetry", KeepAsync).RequireAuthorization(Access.Administer).WithTags("Telemetry")
            .WithSummary("Takes one replica's closed seconds; each (replica, bootId, sequence) is counted once.");
        return routes;
    }

    static async Task<Results<Ok<TelemetryAck>, ProblemHttpResult>> KeepAsync(
        TelemetryBatch batch, HttpRequest request, NpgsqlDataSource database, IOptions<TelemetryOptions> options, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (TelemetryBatchCheck.Refusal(batch) is { } reason) return Problem.Unprocessable(reason);
        var now = time.GetUtcNow();
        var skew = BatchClock.Skew(batch, now, request.GetTypedHeaders().Date);
        var (settled, refusal) = BatchClock.Settle(batch, skew, now, options.Value);
        return settled is null
            ? Problem.Unprocessable(refusal!)
            : TypedResults.Ok(await TelemetryIntake.KeepAsync(database, settled, now, cancellationToken, skew));
    }
}
