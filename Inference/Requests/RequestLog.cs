using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;

namespace RetrainLoop.Inference.Requests;

/// <summary>
/// Remembers failed requests off the hot path. Callers never wait for it: when it cannot keep up, or the database is away, failures are forgotten
/// (telemetry counts them all the same). Sampled requests are remembered in the transaction that keeps the frame.
/// </summary>
sealed partial class RequestLog(NpgsqlDataSource database, IOptions<RequestOptions> options, ILogger<RequestLog> logger) : BackgroundService
{
    const int Backlog = 1000;
    readonly FailureAllowance allowance = new(options.Value.FailuresPerMinute);
    readonly Channel<RequestInfo> failures = Channel.CreateBounded<RequestInfo>(
        new BoundedChannelOptions(Backlog) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    public void Add(RequestInfo failed)
    {
        if (allowance.TryTake(failed.Deployment, failed.Outcome, failed.At)) failures.Writer.TryWrite(failed);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var failed in failures.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                await RequestSql.AddAsync(connection, null, failed, stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                LogFailed(exception.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed requests are not remembered now: {Reason}")]
    partial void LogFailed(string reason);
}
