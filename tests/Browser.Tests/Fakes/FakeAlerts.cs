using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>Monitor's alerts, rules, silences and runbooks, kept in memory: what a page saves can be read again.</summary>
public sealed class FakeAlerts(FakeLine line)
{
    public static readonly Guid LatencyRule = Guid.NewGuid(), DropRule = Guid.NewGuid(), ErrorRule = Guid.NewGuid(), DriftRule = Guid.NewGuid(), LatencyAlert = Guid.NewGuid();
    readonly Lock gate = new();
    readonly List<AlertRuleInfo> rules =
    [
        new(LatencyRule, "p95 latency over budget", null, AlertMetric.LatencyP95, AlertComparison.Above, null, 5, AlertSeverity.Critical, "latency-p95", true),
        new(ErrorRule, "Error rate over 1 %", null, AlertMetric.ErrorRate, AlertComparison.Above, 0.01, 5, AlertSeverity.Critical, "error-rate", true),
        new(DropRule, "Detections per minute dropped", null, AlertMetric.DetectionsPerMinute, AlertComparison.DropsBy, 0.5, 10, AlertSeverity.Critical, "detection-drop", true, KeepFiringMinutes: 3),
        new(Guid.NewGuid(), "Mean confidence shifted", null, AlertMetric.MeanConfidence, AlertComparison.ShiftsBy, 2, 0, AlertSeverity.Warning, "confidence-shift", true),
        new(DriftRule, "Confidence drifts", null, AlertMetric.DriftConfidence, AlertComparison.Above, null, 0, AlertSeverity.Warning, "drift-confidence", true),
        new(Guid.NewGuid(), "Nothing detected at the press", "packing", AlertMetric.DetectionsPerMinute, AlertComparison.Below, 20, 15, AlertSeverity.Info, "detection-drop", false, Region: "munich", Class: "gear"),
    ];
    readonly List<AlertInfo> alerts = [];
    readonly List<Silence> silences = [];
    readonly List<AlertTransition> history = [];
    readonly Dictionary<string, string> edited = [];

    /// <summary>What rules were created or changed to, newest last.</summary>
    public IReadOnlyList<AlertRuleInfo> Rules
    {
        get
        {
            lock (gate) return [.. rules];
        }
    }

    public IReadOnlyList<Silence> Silences
    {
        get
        {
            lock (gate) return [.. silences];
        }
    }

    public IReadOnlyDictionary<string, string> EditedRunbooks => edited;

    internal void Map(WebApplication app)
    {
        Begin();
        app.MapGet("/v1/alerts", () => Locked(() => alerts.Select(Shown).ToArray()));
        app.MapGet("/v1/alerts/history", (string? deployment, DateTimeOffset? from, DateTimeOffset? to) => Locked(() => history.OrderByDescending(change => change.At)
            .Where(change => (deployment is null || change.Deployment == deployment) && (from is null || change.At >= from) && (to is null || change.At < to)).ToArray()));
        app.MapGet("/v1/alerts/{id:guid}", (Guid id) => Locked(() => alerts.Find(alert => alert.Id == id) is { } alert ? Results.Ok(Detail(alert)) : Results.NotFound()));
        app.MapPost("/v1/alerts/{id:guid}/acknowledgement", (Guid id, AcknowledgementRequest body, HttpRequest request) =>
            Change(id, alert => alert with { Acknowledgement = new Acknowledgement(Actor(request), line.Now, body.Note) }));
        app.MapDelete("/v1/alerts/{id:guid}/acknowledgement", (Guid id) => Change(id, alert => alert with { Acknowledgement = null }));
        app.MapGet("/v1/alert-rules", () => Rules);
        app.MapGet("/v1/alert-rules/{id:guid}", (Guid id) => Locked(() => rules.Find(rule => rule.Id == id) is { } rule ? Results.Ok(rule) : Results.NotFound()));
        app.MapPost("/v1/alert-rules", (AlertRuleInfo rule) => Locked(() =>
        {
            var added = rule with { Id = Guid.NewGuid() };
            rules.Add(added);
            return Results.Created($"/v1/alert-rules/{added.Id}", added);
        }));
        app.MapPut("/v1/alert-rules/{id:guid}", (Guid id, AlertRuleInfo rule) => Locked(() => rules[rules.FindIndex(one => one.Id == id)] = rule));
        app.MapDelete("/v1/alert-rules/{id:guid}", (Guid id) => Locked(() => rules.RemoveAll(rule => rule.Id == id) > 0 ? Results.NoContent() : Results.NotFound()));
        app.MapPost("/v1/alert-rules/{id:guid}/test-fire", (Guid id, TestFireRequest body) => Locked(() => TestFire(rules.Find(rule => rule.Id == id)!, body.Deployment)));
        app.MapPost("/v1/alert-rules/preview", (AlertRulePreviewRequest request) => Preview(request));
        app.MapGet("/v1/silences", () => Silences);
        app.MapPost("/v1/silences", (SilenceRequest body, HttpRequest request) => Locked(() =>
        {
            var silence = new Silence(Guid.NewGuid(), body.Rule, body.Deployment, body.Region, body.Camera, body.Class, body.StartsAt ?? line.Now, body.EndsAt, Actor(request), body.Comment);
            silences.Add(silence);
            return Results.Created($"/v1/silences/{silence.Id}", silence);
        }));
        app.MapDelete("/v1/silences/{id:guid}", (Guid id) => Locked(() =>
        {
            var at = silences.FindIndex(silence => silence.Id == id);
            silences[at] = silences[at] with { EndsAt = line.Now };
            return Results.NoContent();
        }));
        app.MapGet("/v1/runbooks", () => Locked(() => FakeRunbooks.All.Select(page =>
            new RunbookInfo(page.Key, page.Value.Split('\n')[0][2..], edited.ContainsKey(page.Key), edited.ContainsKey(page.Key) ? "ada" : null, edited.ContainsKey(page.Key) ? line.Now : null)).ToArray()));
        app.MapGet("/v1/runbooks/{name}", (string name) => Locked(() => (edited.GetValueOrDefault(name) ?? FakeRunbooks.All.GetValueOrDefault(name)) is { } page
            ? Results.Text(page, "text/markdown") : Results.NotFound()));
        app.MapPut("/v1/runbooks/{name}", async (string name, HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            edited[name] = await reader.ReadToEndAsync();
        });
        app.MapDelete("/v1/runbooks/{name}", (string name) => { edited.Remove(name); });
    }

    void Begin()
    {
        alerts.Add(new AlertInfo(LatencyAlert, LatencyRule, "p95 latency over budget", FakeLine.Name, AlertState.Firing, AlertSeverity.Critical, 138.2, 120, "ms",
            "p95 latency is 138 ms, over the budget of 120 ms, for 5 consecutive minutes.", "latency-p95", line.Now.AddMinutes(-6), line.Now.AddMinutes(-6), null));
        alerts.Add(new AlertInfo(Guid.NewGuid(), DriftRule, "Confidence drifts", FakeLine.Name, AlertState.Firing, AlertSeverity.Warning, 0.231, null, "KS D",
            "Confidence drifted against the baseline: KS D = 0.231, p = 0.0008.", "drift-confidence", line.Now.AddHours(-2), line.Now.AddHours(-2), null)
            { Acknowledgement = new Acknowledgement("grace", line.Now.AddHours(-1), "Known: the east lamp was replaced. Frames are being sampled.") });
        alerts.Add(new AlertInfo(Guid.NewGuid(), ErrorRule, "Error rate over 1 %", "packing", AlertState.Pending, AlertSeverity.Critical, 0.021, 0.01, "share",
            "Error rate is 2.1 %, over 1 %, for 2 of 5 minutes.", "error-rate", line.Now.AddMinutes(-2), null, null));
        foreach (var (rule, deployment) in new[] { (DropRule, FakeLine.Name), (ErrorRule, FakeLine.Name), (DropRule, "packing"), (LatencyRule, "packing") })
            alerts.Add(new AlertInfo(Guid.NewGuid(), rule, rules.Find(one => one.Id == rule)!.Name, deployment, AlertState.Normal, AlertSeverity.Critical, 0.2, 0.5, "share",
                "Within its bounds.", rules.Find(one => one.Id == rule)!.Runbook, line.Now.AddDays(-3), null, null));
        var drop = alerts.First(alert => alert.Rule == DropRule);
        Record(alerts[0], AlertState.Normal, AlertState.Pending, "p95 latency is 131 ms, over 120 ms.", -11);
        Record(alerts[0], AlertState.Pending, AlertState.Firing, "Over the threshold for 5 consecutive minutes.", -6);
        Record(alerts[1], AlertState.Normal, AlertState.Firing, "The drift report of 12:00 decided: drift.", -120);
        Record(drop, AlertState.Pending, AlertState.Firing, "58 % below the same hour of the baseline week for 10 minutes.", -1460, foundLate: -1380);
        Record(drop, AlertState.Firing, AlertState.Resolved, "Back within 50 % for 3 minutes.", -1391, foundLate: -1380);
    }

    void Record(AlertInfo alert, AlertState from, AlertState to, string reason, int minutes, int? foundLate = null) =>
        history.Add(new AlertTransition(history.Count + 1, alert.Id, alert.RuleName, alert.Deployment, from, to, reason, line.Now.AddMinutes(minutes), alert.Test, false, alert.Severity)
        {
            FoundLateAt = foundLate is { } later ? line.Now.AddMinutes(later) : null,
        });

    AlertInfo Shown(AlertInfo alert) => alert with
    {
        SilencedUntil = silences.Where(silence => silence.EndsAt > line.Now && silence.Rule == alert.Rule && (silence.Deployment ?? alert.Deployment) == alert.Deployment)
            .Select(silence => (DateTimeOffset?)silence.EndsAt).Max(),
    };

    AlertDetail Detail(AlertInfo alert) => new(
        Shown(alert), rules.Find(rule => rule.Id == alert.Rule)!, [.. history.Where(change => change.Alert == alert.Id).OrderByDescending(change => change.At)], [FakeChannels.Delivered(line, alert)]);

    AlertInfo TestFire(AlertRuleInfo rule, string? deployment)
    {
        var fired = new AlertInfo(Guid.NewGuid(), rule.Id, rule.Name, deployment ?? rule.Deployment ?? FakeLine.Name, AlertState.Firing, rule.Severity, 138, rule.Threshold ?? 120, "ms",
            "Fired by hand to see that it arrives.", rule.Runbook, line.Now, line.Now, null) { Test = true };
        alerts.Add(fired);
        Record(fired, AlertState.Normal, AlertState.Firing, "Test fire", 0);
        return fired;
    }

    AlertRulePreview Preview(AlertRulePreviewRequest request)
    {
        var to = request.To ?? line.Now;
        var from = request.From ?? to.AddDays(-7);
        var isLatency = request.Rule.Metric is AlertMetric.LatencyP95;
        (DateTimeOffset From, DateTimeOffset? To)[] broken = [(line.Now.AddDays(-5), line.Now.AddDays(-5).AddHours(3)), (line.Now.AddDays(-2.6), line.Now.AddDays(-2.6).AddHours(2)), (line.Now.AddMinutes(-11), null)];
        var firings = broken.Where(span => span.From < to && (span.To ?? to) > from).Select(span => new AlertFiring(span.From, span.To, isLatency ? 141 : 540)).ToList();
        var step = (to - from) / 336;
        var values = Enumerable.Range(0, 337).Select(index => from + index * step).Select(at => new MetricPoint(at, (isLatency ? 82 : 1800)
            * (1 + 0.1 * Math.Sin(at.ToUnixTimeSeconds() / 13_751.0)) * (broken.Any(span => at >= span.From && at < (span.To ?? to.AddDays(1))) ? isLatency ? 1.6 : 0.3 : 1)));
        return new AlertRulePreview(firings.Count, firings, [.. values], isLatency ? request.Rule.Threshold ?? 120 : null, isLatency ? "ms" : "detections/min");
    }

    IResult Change(Guid id, Func<AlertInfo, AlertInfo> change) => Locked(() =>
    {
        var at = alerts.FindIndex(alert => alert.Id == id);
        return Results.Ok(alerts[at] = change(alerts[at]));
    });

    T Locked<T>(Func<T> action)
    {
        lock (gate) return action();
    }

    static string Actor(HttpRequest request) => request.Headers["X-Acting-User"].ToString();
}
