using System.Globalization;

namespace RetrainLoop.Web.Stack;

/// <summary>Monitor's alerts with their rules, runbooks and silences.</summary>
public sealed class AlertsClient(HttpClient http) : StackClient(http, "monitor")
{
    public Task<IReadOnlyList<AlertInfo>> AlertsAsync(CancellationToken cancellationToken) => GetAsync<IReadOnlyList<AlertInfo>>("/v1/alerts", cancellationToken);

    public Task<AlertDetail?> FindAsync(Guid id, CancellationToken cancellationToken) => FindAsync<AlertDetail>($"/v1/alerts/{id}", cancellationToken);

    /// <summary>Changes of state, newest first.</summary>
    public Task<IReadOnlyList<AlertTransition>> HistoryAsync(
        string? deployment, DateTimeOffset? from, DateTimeOffset? to, int limit, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<AlertTransition>>($"/v1/alerts/history?limit={limit}{Query("deployment", deployment)}{Query("from", Iso(from))}{Query("to", Iso(to))}", cancellationToken);

    /// <summary>The replicas of Inference that reported in the last day.</summary>
    public Task<IReadOnlyList<TelemetryReplica>> ReplicasAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<TelemetryReplica>>("/v1/telemetry/replicas", cancellationToken);

    public Task AcknowledgeAsync(Guid alert, string? note, string actor, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"/v1/alerts/{alert}/acknowledgement", new AcknowledgementRequest(note), cancellationToken, actor);

    public Task TakeBackAcknowledgementAsync(Guid alert, string actor, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/v1/alerts/{alert}/acknowledgement", null, cancellationToken, actor);

    public Task<IReadOnlyList<AlertRuleInfo>> RulesAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<AlertRuleInfo>>("/v1/alert-rules", cancellationToken);

    public Task<AlertRuleInfo?> FindRuleAsync(Guid id, CancellationToken cancellationToken) => FindAsync<AlertRuleInfo>($"/v1/alert-rules/{id}", cancellationToken);

    public Task<AlertRuleInfo> AddRuleAsync(AlertRuleInfo rule, string actor, CancellationToken cancellationToken) =>
        SendAsync<AlertRuleInfo>(HttpMethod.Post, "/v1/alert-rules", rule, cancellationToken, actor);

    public Task<AlertRuleInfo> ChangeRuleAsync(AlertRuleInfo rule, string actor, CancellationToken cancellationToken) =>
        SendAsync<AlertRuleInfo>(HttpMethod.Put, $"/v1/alert-rules/{rule.Id}", rule, cancellationToken, actor);

    public Task DeleteRuleAsync(Guid id, string actor, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/v1/alert-rules/{id}", null, cancellationToken, actor);

    /// <summary>Fires the rule end to end, marked as a test.</summary>
    /// <param name="deployment">Null = the rule's own, or the first.</param>
    public Task<AlertInfo> TestFireAsync(Guid rule, string? deployment, string actor, CancellationToken cancellationToken) =>
        SendAsync<AlertInfo>(HttpMethod.Post, $"/v1/alert-rules/{rule}/test-fire", new TestFireRequest(deployment), cancellationToken, actor);

    /// <summary>What a rule, saved or not, would have done.</summary>
    public Task<AlertRulePreview> PreviewAsync(AlertRulePreviewRequest request, CancellationToken cancellationToken) =>
        SendAsync<AlertRulePreview>(HttpMethod.Post, "/v1/alert-rules/preview", request, cancellationToken);

    /// <summary>Those that last or are to come, and those of the last month.</summary>
    public Task<IReadOnlyList<Silence>> SilencesAsync(CancellationToken cancellationToken) => GetAsync<IReadOnlyList<Silence>>("/v1/silences?past=true", cancellationToken);

    public Task SilenceAsync(SilenceRequest request, string actor, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "/v1/silences", request, cancellationToken, actor);

    /// <summary>Ends a silence now.</summary>
    public Task EndSilenceAsync(Guid id, string actor, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/v1/silences/{id}", null, cancellationToken, actor);

    public Task<IReadOnlyList<RunbookInfo>> RunbooksAsync(CancellationToken cancellationToken) => GetAsync<IReadOnlyList<RunbookInfo>>("/v1/runbooks", cancellationToken);

    /// <summary>A runbook's Markdown; null when there is none of that name.</summary>
    /// <param name="deployment">Fills the page's links with the deployment and the time, when given.</param>
    public Task<string?> RunbookAsync(string name, string? deployment, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        var query = $"{Query("deployment", deployment)}{Query("from", Iso(from))}{Query("to", Iso(to))}";
        return FindTextAsync($"/v1/runbooks/{Uri.EscapeDataString(name)}" + (query.Length == 0 ? "" : "?" + query[1..]), cancellationToken);
    }

    public Task SaveRunbookAsync(string name, string markdown, string actor, CancellationToken cancellationToken) =>
        SendTextAsync(HttpMethod.Put, $"/v1/runbooks/{Uri.EscapeDataString(name)}", markdown, "text/markdown", actor, cancellationToken);

    /// <summary>Goes back to the built-in page.</summary>
    public Task RestoreRunbookAsync(string name, string actor, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/v1/runbooks/{Uri.EscapeDataString(name)}", null, cancellationToken, actor);

    static string Query(string name, string? value) => string.IsNullOrEmpty(value) ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    static string? Iso(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
