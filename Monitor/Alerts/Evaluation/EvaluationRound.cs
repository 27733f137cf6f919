using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>A rule and its alert on one deployment, as the round moves it on.</summary>
sealed class JudgedRule(AlertRuleInfo rule, Alert alert, bool isNew)
{
    public AlertRuleInfo Rule => rule;
    public Alert Alert { get; set; } = alert;

    /// <summary>Judged for the first time: only what is newest matters.</summary>
    public bool IsNew => isNew;
}

/// <summary>One round of judging: everything that it finds out is kept in one transaction.</summary>
sealed class EvaluationRound(
    NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<AlertRuleInfo> rules, IReadOnlyList<Alert> alerts,
    TelemetryCoverage coverage, DateTimeOffset now)
{
    readonly Dictionary<(Guid Rule, string Deployment), Alert> known =
        alerts.Where(alert => !alert.Test && !alert.Replay).ToDictionary(alert => (alert.Rule, alert.Deployment));

    public TelemetryCoverage Coverage => coverage;
    public DateTimeOffset Now => now;
    public NpgsqlConnection Connection => connection;
    public NpgsqlTransaction Transaction => transaction;

    /// <summary>The transitions of this round, for the log.</summary>
    public List<(string Rule, string Deployment, AlertState From, AlertStatus To)> Transitions { get; } = [];

    /// <summary>The enabled rules of a kind for a deployment with their alerts; new ones begin at <paramref name="from"/>.</summary>
    public List<JudgedRule> Of(string deployment, AlertFacts facts, DateTimeOffset from) =>
        [.. rules.Where(rule => rule.Enabled && AlertCadence.Of(rule) == facts && (rule.Deployment is null || rule.Deployment == deployment))
            .Select(rule => known.GetValueOrDefault((rule.Id, deployment)) is { } alert
                ? new JudgedRule(rule, alert, isNew: false)
                : new JudgedRule(rule, new Alert(Guid.CreateVersion7(now), rule.Id, deployment, from, AlertStatus.New(from)), isNew: true))];

    /// <summary>Judges facts one after the other and keeps where that leads.</summary>
    /// <param name="until">The alert is judged up to here afterwards.</param>
    public async Task JudgeAsync<T>(
        JudgedRule judged, IEnumerable<T> facts, Func<T, AlertStatus, RuleObservation> observe, DateTimeOffset until, CancellationToken cancellationToken)
    {
        foreach (var fact in facts)
        {
            var seen = observe(fact, judged.Alert.Status);
            var status = AlertStateMachine.Next(judged.Alert.Status, seen, AlertCadence.Needed(judged.Rule), AlertCadence.CalmNeeded(judged.Rule));
            await MoveAsync(judged, status, seen.At, cancellationToken);
        }
        judged.Alert = judged.Alert with { EvaluatedUntil = until };
        await AlertStore.SaveAsync(connection, transaction, judged.Alert, cancellationToken);
    }

    /// <summary>Enters what late telemetry showed, and where that leaves the alert; up to where it is judged stays.</summary>
    public async Task EnterAsync(JudgedRule judged, LateFinding finding, CancellationToken cancellationToken)
    {
        judged.Alert = judged.Alert with { Status = finding.Status };
        await AlertStore.SaveAsync(connection, transaction, judged.Alert, cancellationToken);
        known[(judged.Rule.Id, judged.Alert.Deployment)] = judged.Alert; // for the rounds' new minutes
        foreach (var (from, to) in finding.Transitions)
        {
            await AlertStore.TransitAsync(connection, transaction, from, judged.Alert with { Status = to }, judged.Rule, cancellationToken, foundLateAt: now);
            Transitions.Add((judged.Rule.Name, judged.Alert.Deployment, from, to));
        }
    }

    /// <summary>Whether no minute that was judged is open again, because a replica sends what it had kept.</summary>
    public bool HasCaughtUp(DateTimeOffset closed) => known.Values.All(alert => alert.EvaluatedUntil <= closed
        || rules.FirstOrDefault(rule => rule.Id == alert.Rule) is not { Enabled: true } rule || AlertCadence.Of(rule) != AlertFacts.Minutes);

    /// <summary>Resolves what is open although no enabled rule covers it any more.</summary>
    public async Task WithdrawAsync(IReadOnlyList<AlertRuleInfo> everyRule, IReadOnlySet<string> deployments, CancellationToken cancellationToken)
    {
        foreach (var alert in known.Values.Where(alert => alert.Status.IsOpen || alert.Status.State == AlertState.Pending))
        {
            var rule = rules.FirstOrDefault(rule => rule.Id == alert.Rule);
            var reason = rule is null ? "The rule was deleted."
                : !rule.Enabled ? "The rule was switched off."
                : rule.Deployment is { } only && only != alert.Deployment ? $"The rule is now for {only} only."
                : alert.Deployment != AlertInfo.StackWide && !deployments.Contains(alert.Deployment) ? "The deployment is gone."
                : null;
            if (reason is null) continue;
            var judged = new JudgedRule(everyRule.First(every => every.Id == alert.Rule), alert, isNew: false);
            await MoveAsync(judged, AlertStateMachine.Withdraw(alert.Status, reason, now), now, cancellationToken);
        }
    }

    /// <summary>Ends test alerts that have fired for long enough.</summary>
    public async Task EndTestsAsync(IReadOnlyList<AlertRuleInfo> everyRule, TimeSpan duration, CancellationToken cancellationToken)
    {
        foreach (var alert in alerts.Where(alert => alert.Test && alert.Status.IsOpen && alert.Status.FiredAt <= now - duration))
            await MoveAsync(new JudgedRule(everyRule.First(rule => rule.Id == alert.Rule), alert, isNew: false),
                AlertStateMachine.Withdraw(alert.Status, "The test is over.", now), now, cancellationToken);
    }

    async Task MoveAsync(JudgedRule judged, AlertStatus status, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var before = judged.Alert.Status.State;
        judged.Alert = judged.Alert with { EvaluatedUntil = at, Status = status };
        if (status.State == before) return;
        await AlertStore.SaveAsync(connection, transaction, judged.Alert, cancellationToken); // a transition refers to its alert
        await AlertStore.TransitAsync(connection, transaction, before, judged.Alert, judged.Rule, cancellationToken);
        Transitions.Add((judged.Rule.Name, judged.Alert.Deployment, before, status));
    }
}
