using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>Reads what was detected in a day, in pieces.</summary>
sealed class ConfidenceDays(NpgsqlDataSource database)
{
    static readonly TimeSpan Piece = TimeSpan.FromHours(1);

    public async Task<DetectedFigures> ReadAsync(
        AlertRuleInfo rule, DeploymentInfo deployment, DateTimeOffset start, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var traffic = RuleTraffic.Of(rule) with { Model = rule.Model ?? deployment.Champion };
        var sum = default(DetectedFigures);
        for (var from = start; from < end; from += Piece)
        {
            var to = from + Piece < end ? from + Piece : end;
            foreach (var bucket in await SeriesStore.ReadAsync(database, deployment.Name, Resolutions.Minute, from, to, cancellationToken))
                if (traffic.Holds(bucket)) sum += DetectedFigures.Of(bucket.Sketch, traffic.Class);
        }
        return sum;
    }
}
