using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Inference.Requests;

/// <summary>Removes the oldest remembered requests, by time and by number.</summary>
sealed class RequestRetention(NpgsqlDataSource database, IOptions<RequestOptions> options, TimeProvider time, ILogger<RequestRetention> logger)
    : RecurringWork(time, logger)
{
    protected override TimeSpan Interval => TimeSpan.FromSeconds(options.Value.RetentionIntervalSeconds);

    public override Task RunOnceAsync(CancellationToken cancellationToken) => RequestSql.ForgetAsync(
        database, Time.GetUtcNow() - TimeSpan.FromDays(options.Value.RetentionDays), options.Value.MaxRequests, cancellationToken);
}
