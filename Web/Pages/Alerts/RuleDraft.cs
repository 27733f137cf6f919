using System.Globalization;

namespace RetrainLoop.Web.Pages.Alerts;

/// <summary>A rule while a person edits it: thresholds in the unit that people type, absent choices as empty text.</summary>
public sealed class RuleDraft
{
    AlertMetric metric = AlertMetric.LatencyP95;

    public Guid Id { get; init; }
    public string Name { get; set; } = "";
    public string Deployment { get; set; } = "";
    public AlertComparison Comparison { get; set; } = AlertComparison.Above;
    public string Threshold { get; set; } = "";
    public string ResolveThreshold { get; set; } = "";
    public int ForMinutes { get; set; } = 5;
    public int KeepFiringMinutes { get; set; }
    public AlertSeverity Severity { get; set; } = AlertSeverity.Warning;
    public string Runbook { get; set; } = "";
    public bool Enabled { get; set; } = true;
    public string Model { get; set; } = "";
    public string Region { get; set; } = "";
    public string Camera { get; set; } = "";
    public string Class { get; set; } = "";

    /// <summary>Another metric takes back what does not go with it.</summary>
    public AlertMetric Metric
    {
        get => metric;
        set
        {
            if (metric == value) return;
            if (Runbook == AlertMetricWords.Runbook(metric)) Runbook = AlertMetricWords.Runbook(value);
            metric = value;
            Comparison = AlertMetricWords.Comparisons(value)[0];
            (Threshold, ResolveThreshold) = ("", "");
            if (!AlertMetricWords.IsTraffic(value)) (Model, Region, Camera) = ("", "", "");
            if (!AlertMetricWords.HasClasses(value)) Class = "";
            if (!AlertMetricWords.HasDeployment(value)) Deployment = "";
        }
    }

    public static RuleDraft Of(AlertRuleInfo rule)
    {
        var (_, scale) = AlertMetricWords.Unit(rule.Metric, rule.Comparison);
        return new RuleDraft
        {
            Id = rule.Id, Name = rule.Name, Deployment = rule.Deployment ?? "", metric = rule.Metric, Comparison = rule.Comparison, Threshold = Text(rule.Threshold / scale),
            ResolveThreshold = Text(rule.ResolveThreshold / scale), ForMinutes = Math.Max(1, rule.ForMinutes), KeepFiringMinutes = rule.KeepFiringMinutes, Severity = rule.Severity,
            Runbook = rule.Runbook, Enabled = rule.Enabled, Model = rule.Model is { } model ? $"{model.Name}:{model.Version}" : "", Region = rule.Region ?? "",
            Camera = rule.Camera ?? "", Class = rule.Class ?? "",
        };
    }

    /// <summary>What a person still has to fill in, in a sentence; null when the rule can be asked for.</summary>
    public string? Missing()
    {
        if (Threshold.Trim().Length > 0 && Number(Threshold) is null) return "The threshold is a number.";
        if (ResolveThreshold.Trim().Length > 0 && Number(ResolveThreshold) is null) return "The value at which it counts as fine is a number.";
        if (Threshold.Trim().Length == 0 && AlertMetricWords.EmptyMeans(Metric, Comparison) is null) return $"Give a threshold, in {AlertMetricWords.Unit(Metric, Comparison).Unit}.";
        return ForMinutes is < 1 or > 1440 ? "Between 1 and 1,440 minutes in a row." : null;
    }

    public AlertRuleInfo ToRule()
    {
        var (_, scale) = AlertMetricWords.Unit(Metric, Comparison);
        return new AlertRuleInfo(
            Id, Name.Trim(), Optional(Deployment), Metric, Comparison, Scaled(Threshold, scale), ForMinutes, Severity, Runbook, Enabled,
            ModelOf(Model), Optional(Region), Optional(Camera), Optional(Class), KeepFiringMinutes, Scaled(ResolveThreshold, scale));
    }

    static double? Number(string text) => TypedNumber.Parse(text);

    // In decimals, so that 35 % is 0.35 and not a little more.
    static double? Scaled(string text, double scale) => Number(text) is { } number ? Math.Abs(number) < 1e15 ? (double)((decimal)number * (decimal)scale) : number * scale : null;

    static string Text(double? number) => TypedNumber.Text(number);

    static string? Optional(string text) => text.Trim() is { Length: > 0 } given ? given : null;

    static ModelRef? ModelOf(string text) => text.LastIndexOf(':') is > 0 and var at && int.TryParse(text[(at + 1)..], CultureInfo.InvariantCulture, out var version)
        ? new ModelRef(text[..at], version) : null;
}
