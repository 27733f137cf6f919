using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>Judges the closed minutes of a deployment.</summary>
sealed class MinuteJudge(NpgsqlDataSource database, AlertReferences references, AlertOptions options)
{
    static readonly TimeSpan History = TimeSpan.FromHours(1);

    /// <summary>A long downtime is caught up in pieces that fit into memory.</summary>
    static readonly TimeSpan Piece = TimeSpan.FromHours(2);

    /// <param name="first">Before this nothing was ever received.</param>
    public async Task JudgeAsync(
        EvaluationRound round, DeploymentInfo deployment, DateTimeOffset first, DateTimeOffset closed, CancellationToken cancellationToken)
    {
        // A rule that is new here begins with the last hour, so that it sees what is going on already.
        var beginning = closed - History < first ? first.Floor((int)options.Step.TotalSeconds) : closed - History;
        var due = round.Of(deployment.Name, AlertFacts.Minutes, beginning).Where(judged => judged.Alert.EvaluatedUntil < closed).ToList();
        if (due.Count == 0) return;
        var since = due.Min(judged => judged.Alert.EvaluatedUntil).Floor((int)options.Step.TotalSeconds);
        if (since < closed - options.CatchUp) since = closed - options.CatchUp;
        var weeks = await references.OfAsync(round, deployment, due, cancellationToken);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(deployment.Zone);
        for (var from = since; from < closed; from += Piece)
        {
            var to = from + Piece < closed ? from + Piece : closed;
            foreach (var group in due.GroupBy(judged => RuleTraffic.Of(judged.Rule)))
            {
                var parts = RuleSeries.PartsFor(group.Select(judged => judged.Rule));
                var minutes = await RuleSeries.ReadAsync(
                    database, deployment.Name, group.Key, parts, round.Coverage, from - History, to, options.Step, cancellationToken);
                foreach (var judged in group) await JudgeAsync(round, deployment, judged, minutes, from, to, weeks[judged], zone, cancellationToken);
            }
        }
    }

    /// <summary>What each minute of a list says about a rule, given where the rule stands.</summary>
    public static RuleObservation Observe(
        AlertRuleInfo rule, DeploymentInfo deployment, List<MinuteFigures> minutes, int index, AlertReference? reference, TimeZoneInfo zone, AlertStatus status)
    {
        var minute = minutes[index];
        var steps = (int)(History / minute.Length);
        var before = minutes.GetRange(Math.Max(0, index - steps), Math.Min(steps, index));
        return MinuteConditions.Observe(rule, deployment, minute, before, status, reference?.Week?[HourOfWeek.Of(minute.Start, zone)]);
    }

    static async Task JudgeAsync(
        EvaluationRound round, DeploymentInfo deployment, JudgedRule judged, List<MinuteFigures> minutes, DateTimeOffset from, DateTimeOffset to,
        AlertReference? reference, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var start = judged.Alert.EvaluatedUntil > from ? judged.Alert.EvaluatedUntil : from;
        if (start >= to) return;
        var indices = Enumerable.Range(0, minutes.Count).Where(index => minutes[index].Start >= start);
        await round.JudgeAsync(judged, indices,
            (index, status) => Observe(judged.Rule, deployment, minutes, index, reference, zone, status), to, cancellationToken);
    }
}
