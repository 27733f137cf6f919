using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>Degraded when no replica has judged alerts for a while. The rest of Monitor goes on, so it is not unhealthy.</summary>
sealed class EvaluatorHealth(NpgsqlDataSource database, TimeProvider time) : IHealthCheck
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var ranAt = await connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition("select ran_at from alert_rounds", cancellationToken: cancellationToken));
            return ranAt is null || time.GetUtcNow() - ranAt < Patience
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded($"Alerts were last judged at {ranAt:u}.");
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Degraded("The database does not say when alerts were last judged.", exception);
        }
    }
}
