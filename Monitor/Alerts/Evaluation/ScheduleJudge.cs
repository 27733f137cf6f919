using System.Globalization;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Alerts.Schedules;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>Judges, once a minute, whether recurring jobs ran; those of no deployment stand under the whole stack.</summary>
sealed class ScheduleJudge(AlertOptions options)
{
    public async Task JudgeAsync(EvaluationRound round, IReadOnlyList<DeploymentInfo> deployments, CancellationToken cancellationToken)
    {
        var schedules = await ScheduleStore.ListAsync(round.Connection, round.Now, options.ScheduleTolerance, cancellationToken);
        var minute = round.Now.Floor((int)options.Step.TotalSeconds);
        foreach (var name in deployments.Select(deployment => deployment.Name).Append(AlertInfo.StackWide))
        {
            var own = schedules.Where(schedule => (schedule.Heartbeat.Deployment ?? AlertInfo.StackWide) == name).ToList();
            foreach (var judged in round.Of(name, AlertFacts.Schedules, minute - options.Step).Where(judged => judged.Alert.EvaluatedUntil < minute))
                if (own.Count > 0 || !judged.IsNew)
                    await round.JudgeAsync(judged, [minute], (at, _) => Observe(judged.Rule, own, at), minute, cancellationToken);
        }
    }

    /// <summary>The most overdue job decides; the summary names all of them.</summary>
    public static RuleObservation Observe(AlertRuleInfo rule, IReadOnlyList<ScheduleInfo> schedules, DateTimeOffset at)
    {
        var allowed = rule.Threshold ?? 0;
        var overdue = schedules.Where(schedule => schedule.OverdueSince is { } since && (at - since).TotalMinutes > allowed).OrderBy(schedule => schedule.OverdueSince).ToList();
        var failed = schedules.Where(schedule => schedule.Heartbeat.Failed).ToList();
        if (overdue.Count == 0 && failed.Count == 0)
            return new(at, Observation.Fine, 0, allowed, null, schedules.Count == 1 ? "The scheduled job runs in time." : $"All {schedules.Count} scheduled jobs run in time.");
        var worst = overdue.Count == 0 ? 0 : (at - overdue[0].OverdueSince!.Value).TotalMinutes;
        var late = overdue.Select(schedule => string.Create(CultureInfo.InvariantCulture, $"'{schedule.Name}' was due {schedule.OverdueSince:yyyy-MM-dd HH:mm} UTC and did not run."));
        var broken = failed.Select(schedule => string.Create(CultureInfo.InvariantCulture, $"The last run of '{schedule.Name}' failed."));
        return new(at, Observation.Breach, worst, allowed, null, string.Join(" ", late.Concat(broken)));
    }
}
