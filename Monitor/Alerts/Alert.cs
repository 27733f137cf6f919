using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Rules;

namespace RetrainLoop.Monitor.Alerts;

/// <summary>One rule on one deployment, and the end of the last fact judged.</summary>
sealed record Alert(Guid Id, Guid Rule, string Deployment, DateTimeOffset EvaluatedUntil, AlertStatus Status)
{
    public Acknowledgement? Acknowledgement { get; init; }
    public bool Test { get; init; }
    public bool Replay { get; init; }

    /// <summary>The acknowledgement of the present firing; an earlier one says nothing about it.</summary>
    public Acknowledgement? StandingAcknowledgement => Status.IsOpen && Acknowledgement?.At >= Status.FiredAt ? Acknowledgement : null;

    /// <summary>As callers see it, without silences and inhibition.</summary>
    public AlertInfo ToInfo(AlertRuleInfo rule) => new(Id, Rule, rule.Name, Deployment, Status.State, rule.Severity, Status.Value, Status.Limit,
        AlertUnits.Of(rule.Metric), Status.Summary, rule.Runbook, Status.Since, Status.FiredAt, Status.ResolvedAt)
    {
        Labels = AlertLabels.Of(rule), Acknowledgement = StandingAcknowledgement, Test = Test, Replay = Replay,
        FoundLateAt = Status.FoundLateAt,
    };
}

/// <summary>What a rule is narrowed to.</summary>
static class AlertLabels
{
    public static IReadOnlyDictionary<string, string> Of(AlertRuleInfo rule)
    {
        var labels = new Dictionary<string, string>();
        if (rule.Model is { } model) labels["model"] = $"{model.Name}:{model.Version}";
        if (rule.Region is { } region) labels["region"] = region;
        if (rule.Camera is { } camera) labels["camera"] = camera;
        if (rule.Class is { } name) labels["class"] = name;
        return labels;
    }
}
