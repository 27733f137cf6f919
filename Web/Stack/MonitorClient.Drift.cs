namespace RetrainLoop.Web.Stack;

public sealed partial class MonitorClient
{
    /// <summary>Null when there is no such report.</summary>
    public Task<DriftReport?> FindDriftReportAsync(string deployment, Guid id, CancellationToken cancellationToken) =>
        FindAsync<DriftReport>($"{Of(deployment)}/drift-reports/{id}", cancellationToken);

    /// <param name="signal">One of the report's signals, or <c>boxSize</c> for the width x height grid.</param>
    /// <param name="camera">Of this camera alone; null = of all.</param>
    public Task<SignalDistributions> DistributionsAsync(
        string deployment, Guid report, string signal, string? camera, string? className, CancellationToken cancellationToken) =>
        GetAsync<SignalDistributions>(
            $"{Of(deployment)}/drift-reports/{report}/distributions?signal={signal}{Part("camera", camera)}{Part("class", className)}", cancellationToken);

    /// <summary>Random frames behind a report's embedding distances, the farthest first.</summary>
    /// <param name="bin">Bounds of the distance; null = any.</param>
    public Task<FrameDistances> FrameDistancesAsync(
        string deployment, Guid report, (double Low, double High)? bin, string? camera, int limit, CancellationToken cancellationToken) =>
        GetAsync<FrameDistances>(FormattableString.Invariant($"{Of(deployment)}/drift-reports/{report}/frame-distances?limit={limit}")
            + (bin is var (low, high) ? FormattableString.Invariant($"&low={low}&high={high}") : "") + Part("camera", camera), cancellationToken);

    /// <summary>Oldest first.</summary>
    public Task<IReadOnlyList<DriftWeek>> DriftWeeksAsync(string deployment, string signal, int weeks, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<DriftWeek>>($"{Of(deployment)}/drift-weeks?signal={signal}&weeks={weeks}", cancellationToken);

    /// <param name="wantedWidth">Width of the interval, as a fraction, for which the missing labels are told.</param>
    public Task<HoldoutHistory> HoldoutAsync(string deployment, int weeks, CancellationToken cancellationToken, double wantedWidth = 0.02) =>
        GetAsync<HoldoutHistory>(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Of(deployment)}/holdout?weeks={weeks}&width={wantedWidth}"), cancellationToken);

    /// <summary>Null when nothing more than the figures was kept.</summary>
    public Task<EvaluationDetails?> FindEvaluationDetailsAsync(Guid evaluation, CancellationToken cancellationToken) =>
        FindAsync<EvaluationDetails>($"/v1/evaluations/{evaluation}/details", cancellationToken);

    static string Part(string name, string? value) => string.IsNullOrEmpty(value) ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
