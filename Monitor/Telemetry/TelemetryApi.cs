using System.Text.Json;
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
        builder.Services.AddSingleton<ReplicaClocks>();
        builder.Services.AddSingleton<SeriesNudge>();
        builder.Services.AddHostedSingleton<TelemetryFolder>();
        builder.Services.AddHostedService<SeriesRollUp>();
        builder.Services.AddHostedService<TelemetryRetention>();
    }

    /// <summary>Maps <c>POST /v1/telemetry</c>: 200 means that the batch is durable; and <c>/v1/telemetry/replicas</c>.</summary>
    public static IEndpointRouteBuilder MapTelemetryApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/telemetry", KeepAsync).RequireAuthorization(Access.Administer).WithTags("Telemetry")
            .Accepts<TelemetryBatch>("application/json", TelemetryBatchCodec.MediaType)
            .WithSummary("Takes one replica's closed seconds as JSON or, for a fifth of the cost, in bytes; each (replica, bootId, sequence) is counted once.");
        routes.MapReplicasApi();
        return routes;
    }

    static async Task<Results<Ok<TelemetryAck>, ProblemHttpResult>> KeepAsync(
        HttpRequest request, NpgsqlDataSource database, IOptions<TelemetryOptions> options, ReplicaClocks clocks, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var (body, problem) = await ReadAsync(request, cancellationToken);
        if (body is null) return Problem.Unprocessable(problem!);
        var (header, wrong) = TelemetryBodyCheck.Read(body);
        if (header is null) return Problem.Unprocessable(wrong!);
        var now = time.GetUtcNow();
        var skew = clocks.Settle(header.Replica, BatchClock.Skew(header, now, request.GetTypedHeaders().Date));
        var (shift, refusal) = BatchClock.Settle(header, skew, now, options.Value);
        return refusal is not null
            ? Problem.Unprocessable(refusal)
            : TypedResults.Ok(await TelemetryIntake.KeepAsync(database, header, body, shift, skew, now, cancellationToken));
    }

    /// <summary>The batch in bytes; JSON is checked and encoded.</summary>
    static async Task<(byte[]? Body, string? Refusal)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.GetTypedHeaders().ContentType?.MediaType.Equals(TelemetryBatchCodec.MediaType, StringComparison.OrdinalIgnoreCase) == true)
        {
            using var bytes = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, 1 << 24));
            await request.Body.CopyToAsync(bytes, cancellationToken);
            return (bytes.ToArray(), null);
        }
        try
        {
            var batch = await request.ReadFromJsonAsync<TelemetryBatch>(ContractJson.Options, cancellationToken);
            if (batch is null) return (null, "A batch is a JSON object.");
            return TelemetryBatchCheck.Refusal(batch) is { } reason ? (null, reason) : (TelemetryBatchCodec.Encode(batch), null);
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException(exception.Message, StatusCodes.Status400BadRequest, exception);
        }
    }
}
