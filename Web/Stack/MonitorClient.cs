using System.Globalization;
using System.Text;

namespace RetrainLoop.Web.Stack;

/// <summary>Metrics, alerts, baselines, drift, diagnoses, evaluations and judgements.</summary>
public sealed partial class MonitorClient(HttpClient http) : StackClient(http, "monitor")
{
    public Task PutDeploymentAsync(DeploymentInfo deployment, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, Of(deployment.Name), deployment, cancellationToken);

    public Task<DeploymentSummary> SummaryAsync(string deployment, CancellationToken cancellationToken) =>
        GetAsync<DeploymentSummary>($"{Of(deployment)}/summary", cancellationToken);

    /// <param name="metric"><c>latency, requests, errors, detections, confidence</c> or <c>regions</c>.</param>
    /// <param name="stepSeconds">Width of a bucket.</param>
    /// <param name="percentiles">For latency, for example <c>50,95,99</c>.</param>
    public Task<MetricsResponse> MetricsAsync(
        string deployment, string metric, DateTimeOffset from, DateTimeOffset to, int stepSeconds, CancellationToken cancellationToken,
        string? percentiles = null) =>
        GetAsync<MetricsResponse>(
            $"{Of(deployment)}/metrics?metric={metric}&from={Iso(from)}&to={Iso(to)}&step={stepSeconds}" + (percentiles is null ? "" : $"&percentiles={percentiles}"),
            cancellationToken);

    /// <param name="stepSeconds">Width of a bucket; null = as suits the range and the number of lines, which the answer says.</param>
    /// <param name="split"><c>none, version, slot, region, camera, class</c> or <c>kind</c>: one line for each.</param>
    public Task<MetricsResponse> MetricsAsync(
        string deployment, string metric, DateTimeOffset from, DateTimeOffset to, int? stepSeconds, string? percentiles, string split, MetricFilter filter,
        CancellationToken cancellationToken) =>
        GetAsync<MetricsResponse>(
            $"{Of(deployment)}/metrics?metric={metric}&from={Iso(from)}&to={Iso(to)}&split={split}"
            + (stepSeconds is { } step ? $"&step={step}" : "")
            + (percentiles is null ? "" : $"&percentiles={percentiles}") + filter.Query, cancellationToken);

    /// <summary>The same points as CSV.</summary>
    public async Task<byte[]> MetricsCsvAsync(string deployment, QueryString query, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetBytes(await FindTextAsync($"{Of(deployment)}/metrics{query.Add("format", "csv")}", cancellationToken) ?? "");

    /// <summary>One number per metric over a range, against the range before.</summary>
    public Task<IReadOnlyList<MetricFigure>> FiguresAsync(
        string deployment, DateTimeOffset from, DateTimeOffset to, MetricFilter filter, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<MetricFigure>>($"{Of(deployment)}/figures?from={Iso(from)}&to={Iso(to)}{filter.Query}", cancellationToken);

    /// <summary>What charts can be split and filtered by.</summary>
    public Task<MetricDimensions> DimensionsAsync(string deployment, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        GetAsync<MetricDimensions>($"{Of(deployment)}/dimensions?from={Iso(from)}&to={Iso(to)}", cancellationToken);

    public Task<IReadOnlyList<AlertInfo>> AlertsAsync(CancellationToken cancellationToken, string? deployment = null) =>
        GetAsync<IReadOnlyList<AlertInfo>>("/v1/alerts" + (deployment is null ? "" : $"?deployment={Uri.EscapeDataString(deployment)}"), cancellationToken);

    public Task<IReadOnlyList<BaselineInfo>> BaselinesAsync(string deployment, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<BaselineInfo>>($"{Of(deployment)}/baselines", cancellationToken);

    public Task<BaselineInfo> StartBaselineAsync(string deployment, BaselineRequest request, CancellationToken cancellationToken) =>
        SendAsync<BaselineInfo>(HttpMethod.Post, $"{Of(deployment)}/baselines", request, cancellationToken);

    /// <summary>Compares the current window with the locked baseline now.</summary>
    /// <param name="windowSeconds">Length of the current window; null = Monitor's own, the recent one or the week.</param>
    public Task<DriftReport> EvaluateDriftAsync(string deployment, double? windowSeconds, bool recent, CancellationToken cancellationToken) =>
        SendAsync<DriftReport>(HttpMethod.Post, $"{Of(deployment)}/drift-reports", new { windowSeconds, recent }, cancellationToken);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<DriftReport>> DriftReportsAsync(string deployment, int limit, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<DriftReport>>($"{Of(deployment)}/drift-reports?limit={limit}", cancellationToken);

    /// <summary>Those that were made in [from, to), newest first.</summary>
    /// <param name="from">Null = from the first on.</param>
    public Task<IReadOnlyList<DriftReport>> DriftReportsAsync(
        string deployment, int limit, DateTimeOffset? from, DateTimeOffset to, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<DriftReport>>(
            $"{Of(deployment)}/drift-reports?limit={limit}&to={Iso(to)}" + (from is { } start ? $"&from={Iso(start)}" : ""), cancellationToken);

    /// <summary>Runs the decision table on the newest measurements.</summary>
    public Task<Diagnosis> DiagnoseAsync(string deployment, DiagnosisOccasion occasion, CancellationToken cancellationToken) =>
        SendAsync<Diagnosis>(HttpMethod.Post, $"{Of(deployment)}/diagnoses", new { occasion }, cancellationToken);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<Diagnosis>> DiagnosesAsync(string deployment, int limit, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<Diagnosis>>($"{Of(deployment)}/diagnoses?limit={limit}", cancellationToken);

    public Task<EvaluationInfo> EvaluateAsync(EvaluationRequest request, CancellationToken cancellationToken) =>
        SendAsync<EvaluationInfo>(HttpMethod.Post, "/v1/evaluations", request, cancellationToken);

    public Task<IReadOnlyList<EvaluationInfo>> EvaluationsAsync(string deployment, string purpose, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<EvaluationInfo>>($"{Of(deployment)}/evaluations?purpose={Uri.EscapeDataString(purpose)}", cancellationToken);

    public Task<ValidationReport> ValidateAsync(ValidationRequest request, CancellationToken cancellationToken) =>
        SendAsync<ValidationReport>(HttpMethod.Post, "/v1/validations", request, cancellationToken);

    public Task<ValidationReport> ValidationAsync(Guid id, CancellationToken cancellationToken) =>
        GetAsync<ValidationReport>($"/v1/validations/{id}", cancellationToken);

    public Task<Judgement> AnalyseRolloutAsync(string deployment, RolloutAnalysisRequest request, CancellationToken cancellationToken) =>
        SendAsync<Judgement>(HttpMethod.Post, $"{Of(deployment)}/rollout-analyses", request, cancellationToken);

    /// <summary>A recurring job's sign of life.</summary>
    public Task PutScheduleAsync(string name, ScheduleHeartbeat heartbeat, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"/v1/schedules/{Uri.EscapeDataString(name)}", heartbeat, cancellationToken);

    public Task<IReadOnlyList<ScheduleInfo>> SchedulesAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<ScheduleInfo>>("/v1/schedules", cancellationToken);

    public Task ForgetScheduleAsync(string name, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/v1/schedules/{Uri.EscapeDataString(name)}", null, cancellationToken);

    static string Of(string deployment) => $"/v1/deployments/{Uri.EscapeDataString(deployment)}";

    static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
