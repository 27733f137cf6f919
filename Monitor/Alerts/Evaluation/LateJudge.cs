using System.Globalization;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>Judges minutes again that got telemetry after they were judged: a bounded stretch back from the last judged one.</summary>
/// <param name="late">Kept until what is on its way has arrived, then judged as a whole.</param>
sealed class LateJudge(NpgsqlDataSource database, AlertReferences references, AlertOptions options, IReadOnlyList<LateTelemetry> late)
{
    static readonly TimeSpan History = TimeSpan.FromHours(1);
    readonly int step = (int)options.Step.TotalSeconds;

    /// <summary>Call before new minutes are judged: they go on from what is found here.</summary>
    public async Task JudgeAsync(EvaluationRound round, DeploymentInfo deployment, CancellationToken cancellationToken)
    {
        if (StretchOf(deployment.Name) is not { } whole) return;
        var known = round.Of(deployment.Name, AlertFacts.Minutes, whole.From).Where(judged => !judged.IsNew && judged.Alert.EvaluatedUntil > whole.From).ToList();
        if (known.Count == 0) return;
        var weeks = await references.OfAsync(round, deployment, known, cancellationToken);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(deployment.Zone);
        foreach (var group in known.GroupBy(judged => (Traffic: RuleTraffic.Of(judged.Rule), Until: judged.Alert.EvaluatedUntil.Floor(step))))
        {
            var until = group.Key.Until;
            var stretch = (From: Latest(whole.From, until - options.LateData), To: whole.To < until ? whole.To : until);
            if (stretch.From >= stretch.To) continue;
            var begin = Latest(stretch.From - History, round.Coverage.Oldest!.Value.Floor(step));
            var minutes = await RuleSeries.ReadAsync(database, deployment.Name, group.Key.Traffic, RuleSeries.PartsFor(group.Select(judged => judged.Rule)),
                round.Coverage, begin - History, until, options.Step, cancellationToken);
            foreach (var judged in group)
            {
                var again = Enumerable.Range(0, minutes.Count).Where(index => minutes[index].Start >= begin).Select(index => new LateMinute(minutes[index].Start,
                    status => MinuteJudge.Observe(judged.Rule, deployment, minutes, index, weeks[judged], zone, status))).ToList();
                var past = await AlertHistory.FiringsAsync(round.Connection, round.Transaction, judged.Alert.Id, cancellationToken);
                if (LateMinutes.Judge(judged.Rule, judged.Alert.Status, past, stretch, again, round.Now) is { } finding)
                    await round.EnterAsync(judged, finding, cancellationToken);
            }
        }
    }

    /// <summary>Notes with alerts about silence when the telemetry came. Call after new minutes are judged.</summary>
    public async Task NoteAsync(EvaluationRound round, DeploymentInfo deployment, CancellationToken cancellationToken)
    {
        if (StretchOf(deployment.Name) is not { } whole) return;
        foreach (var judged in round.Of(deployment.Name, AlertFacts.Minutes, whole.From).Where(judged => !judged.IsNew && judged.Rule.Metric == AlertMetric.NoData))
        {
            var past = await AlertHistory.FiringsAsync(round.Connection, round.Transaction, judged.Alert.Id, cancellationToken);
            if (!past.Any(firing => firing.Overlaps(whole.From, whole.To))) continue;
            var note = string.Create(CultureInfo.InvariantCulture,
                $"Telemetry of {whole.From:yyyy-MM-dd HH:mm} to {whole.To:HH:mm} UTC arrived late, by {round.Now.UtcDateTime:HH:mm:ss} UTC.");
            await AlertHistory.AddAsync(round.Connection, round.Transaction, judged.Alert.Id, judged.Alert.Status.State, judged.Alert.Status.State, note, round.Now,
                round.Now, cancellationToken);
        }
    }

    /// <summary>From the first to the last late minute of a deployment; null without any.</summary>
    (DateTimeOffset From, DateTimeOffset To)? StretchOf(string deployment)
    {
        var own = late.Where(one => one.Deployment is null || one.Deployment == deployment).ToList();
        if (own.Count == 0) return null;
        var to = new DateTimeOffset(own.Max(one => one.To), TimeSpan.Zero);
        return (new DateTimeOffset(own.Min(one => one.From), TimeSpan.Zero).Floor(step), to.AddSeconds(step - 1).Floor(step));
    }

    static DateTimeOffset Latest(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}
