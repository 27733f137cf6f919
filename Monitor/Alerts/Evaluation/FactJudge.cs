using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Evaluations;
using RetrainLoop.Monitor.Hosting;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>Judges what is not measured by the minute: days of confidence, drift reports, live-holdout evaluations.</summary>
sealed class FactJudge(NpgsqlDataSource database, AlertReferences references, HoldoutReader holdouts)
{
    /// <summary>Days older than this are passed over when a rule is new or nobody judged for long.</summary>
    const int MostDays = 7;

    public async Task JudgeDaysAsync(EvaluationRound round, DeploymentInfo deployment, DateTimeOffset closed, CancellationToken cancellationToken)
    {
        var due = round.Of(deployment.Name, AlertFacts.Days, closed.AddDays(-1));
        if (due.Count == 0) return;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(deployment.Zone);
        var locked = await BaselineStore.FindLockedAsync(database, deployment.Name, cancellationToken);
        foreach (var judged in due)
        {
            var model = judged.Rule.Model ?? deployment.Champion;
            var baseline = locked?.Info.Model == model ? locked.Info : null;
            if (judged.Alert.Status.Model is { } about ? about != model : baseline is null) await EndAsync(round, judged, model, cancellationToken);
            var days = LocalDays.Ended(judged.Alert.EvaluatedUntil, closed, zone).TakeLast(MostDays).ToList();
            if (days.Count == 0 && !judged.IsNew) continue;
            var reference = baseline is null || days.Count == 0 ? null
                : await references.OfAsync(round.Connection, round.Transaction, judged.Rule, baseline, deployment.Zone, round.Coverage, cancellationToken);
            var figures = new List<(DateTimeOffset End, DetectedFigures Detected)>();
            foreach (var (start, end) in days) figures.Add((end, await RuleSeries.DetectedAsync(database, deployment.Name, RuleTraffic.OfModel(judged.Rule, deployment.Champion), start, end, cancellationToken)));
            await round.JudgeAsync(judged, figures.Where(day => day.End > baseline?.LockedAt),
                (day, _) => ConfidenceConditions.Observe(judged.Rule, day.End, day.Detected, reference, model),
                days.Count == 0 ? judged.Alert.EvaluatedUntil : days[^1].End, cancellationToken);
        }
    }

    public async Task JudgeDriftAsync(EvaluationRound round, DeploymentInfo deployment, CancellationToken cancellationToken)
    {
        var due = round.Of(deployment.Name, AlertFacts.DriftReports, DateTimeOffset.UnixEpoch);
        if (due.Count == 0) return;
        var reports = await Documents.ListAsync<DriftReport>(database,
            "select report from drift_reports where deployment = @deployment and evaluated_at > @after order by evaluated_at desc limit 200",
            new { deployment = deployment.Name, after = due.Min(judged => judged.Alert.EvaluatedUntil).ToUniversalTime() }, cancellationToken);
        foreach (var judged in due)
            await JudgeAsync(round, judged, deployment, reports, report => (report.EvaluatedAt, report.Model),
                report => ValueTask.FromResult(DriftConditions.Observe(judged.Rule, report)), cancellationToken);
    }

    public async Task JudgeHoldoutsAsync(EvaluationRound round, DeploymentInfo deployment, CancellationToken cancellationToken)
    {
        var due = round.Of(deployment.Name, AlertFacts.LiveHoldouts, DateTimeOffset.UnixEpoch);
        if (due.Count == 0) return;
        var evaluations = (await EvaluationStore.ListAsync(database, deployment.Name, EvaluationPurposes.LiveHoldout, cancellationToken))
            .Where(evaluation => evaluation.MeanAveragePrecision() is not null).ToList();
        foreach (var judged in due)
            await JudgeAsync(round, judged, deployment, evaluations, evaluation => (evaluation.At, evaluation.Model),
                async evaluation => HoldoutConditions.Observe(judged.Rule, evaluation, await VerdictAsync(holdouts, judged.Rule, deployment, evaluation, cancellationToken)),
                cancellationToken);
    }

    /// <summary>What the live curve said when an evaluation was new, by the rule's own limits where it has some.</summary>
    public static Task<HoldoutVerdict> VerdictAsync(
        HoldoutReader holdouts, AlertRuleInfo rule, DeploymentInfo deployment, EvaluationInfo evaluation, CancellationToken cancellationToken) =>
        rule.Metric == AlertMetric.HoldoutTrend
            ? holdouts.VerdictAsync(deployment, evaluation.Model, cancellationToken, evaluation.At, weeks: (int)(rule.Threshold ?? HoldoutTrend.UsualWeeks))
            : holdouts.VerdictAsync(deployment, evaluation.Model, cancellationToken, evaluation.At, rule.Comparison == AlertComparison.DropsBy ? rule.Threshold : null);

    /// <summary>Facts about another model than the champion say nothing about what serves; what they raised ends with that model.</summary>
    static async Task JudgeAsync<T>(
        EvaluationRound round, JudgedRule judged, DeploymentInfo deployment, IReadOnlyList<T> newestFirst, Func<T, (DateTimeOffset At, ModelRef Model)> of,
        Func<T, ValueTask<RuleObservation>> observe, CancellationToken cancellationToken)
    {
        var model = judged.Rule.Model ?? deployment.Champion;
        DateTimeOffset AtOf(T fact) => of(fact).At.AddTicks(-(of(fact).At.Ticks % TimeSpan.TicksPerMicrosecond)); // as exact as the database keeps where it was judged up to
        var facts = newestFirst.Where(fact => AtOf(fact) > judged.Alert.EvaluatedUntil && of(fact).Model == model).Take(judged.IsNew ? 1 : int.MaxValue).Reverse().ToList();
        if (facts.Count == 0 && judged.Alert.Status.Model is { } about && about != model) await EndAsync(round, judged, model, cancellationToken);
        if (facts.Count == 0) return;
        var seen = new List<RuleObservation>();
        foreach (var fact in facts) seen.Add(await observe(fact));
        await round.JudgeAsync(judged, seen, (one, _) => one, AtOf(facts[^1]), cancellationToken);
    }

    /// <summary>Resolves what is open about a model that no longer serves.</summary>
    static async Task EndAsync(EvaluationRound round, JudgedRule judged, ModelRef model, CancellationToken cancellationToken)
    {
        if (!judged.Alert.Status.IsOpen) return;
        var reason = judged.Alert.Status.Model is { } about ? $"{model} serves now; this was about {about}." : "Another model serves than the one this was about.";
        await round.JudgeAsync(judged, [model], (_, _) => new RuleObservation(round.Now, Observation.Fine, null, null, null, reason, model),
            judged.Alert.EvaluatedUntil, cancellationToken);
    }
}
