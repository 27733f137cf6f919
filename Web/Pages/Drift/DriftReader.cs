using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages.Drift;

/// <summary>What of a deployment's drift is looked at; it stands in the URL.</summary>
/// <param name="Report">Null = the newest.</param>
/// <param name="At">Without a report: the newest that was made until then.</param>
/// <param name="Signal">Null = the one that moved most.</param>
public sealed record DriftQuestion(string Deployment, Guid? Report, string? Signal, string? Camera, string? Class, DateTimeOffset? At = null);

/// <summary>One camera's distribution of the signal.</summary>
public sealed record CameraDistribution(string Camera, SignalDistributions Distribution, DriftCarrier? Carrier);

/// <summary>Everything that the drift page shows, read at one moment.</summary>
/// <param name="Reports">Newest first; null when Monitor could not be asked.</param>
/// <param name="Sizes">Width by height of boxes; null when Monitor could not be asked.</param>
public sealed record DriftSnapshot(
    IReadOnlyList<DriftReport>? Reports, DriftReport? Report, BaselineInfo? Baseline, SignalDrift? Signal, SignalDistributions? Distribution,
    SignalDistributions? Area, SizeGrid? Sizes, IReadOnlyList<DriftWeek> Weeks, IReadOnlyList<CameraDistribution> Cameras);

public sealed class DriftReader(MonitorClient monitor)
{
    const int History = 30, Weeks = 12, MostCameras = 12;

    public async Task<DriftSnapshot> ReadAsync(DriftQuestion question, CancellationToken cancellationToken)
    {
        var reports = await StackAnswer.TryAsync(monitor.DriftReportsAsync(question.Deployment, History, cancellationToken));
        var baselines = await StackAnswer.TryAsync(monitor.BaselinesAsync(question.Deployment, cancellationToken)) ?? [];
        var report = await FindAsync(question, reports, cancellationToken);
        if (report is null) return new DriftSnapshot(reports, null, Current(baselines), null, null, null, null, [], []);
        var signal = report.Signals.FirstOrDefault(one => one.Signal == question.Signal) ?? DriftFindings.Strongest(report);
        var distribution = DistributionAsync(question, report, signal?.Signal, question.Camera, question.Class, cancellationToken);
        var area = signal?.Signal == "boxArea" ? distribution : DistributionAsync(question, report, "boxArea", question.Camera, question.Class, cancellationToken);
        var sizes = DistributionAsync(question, report, SizeCells.Signal, question.Camera, question.Class, cancellationToken);
        var weeks = signal is null ? null : StackAnswer.TryAsync(monitor.DriftWeeksAsync(question.Deployment, signal.Signal, Weeks, cancellationToken));
        var cameras = signal is null ? [] : await CamerasAsync(question, report, signal, cancellationToken);
        var baseline = baselines.FirstOrDefault(one => one.Id == report.Baseline) ?? Current(baselines);
        return new DriftSnapshot(
            reports, report, baseline, signal, await distribution, await area, (await sizes)?.Grid, weeks is null ? [] : await weeks ?? [], cameras);
    }

    async Task<DriftReport?> FindAsync(DriftQuestion question, IReadOnlyList<DriftReport>? reports, CancellationToken cancellationToken)
    {
        if (question.Report is null && question.At is { } at)
            return (await StackAnswer.TryAsync(monitor.DriftReportsAsync(question.Deployment, 1, null, at, cancellationToken)))?.FirstOrDefault();
        if (question.Report is not { } id) return reports?.Count > 0 ? reports[0] : null;
        return reports?.FirstOrDefault(report => report.Id == id)
            ?? await StackAnswer.TryAsync(monitor.FindDriftReportAsync(question.Deployment, id, cancellationToken));
    }

    Task<SignalDistributions?> DistributionAsync(
        DriftQuestion question, DriftReport report, string? signal, string? camera, string? className, CancellationToken cancellationToken) =>
        signal is null
            ? Task.FromResult<SignalDistributions?>(null)
            : StackAnswer.TryAsync<SignalDistributions?>(monitor.DistributionsAsync(question.Deployment, report.Id, signal, camera, className, cancellationToken)!);

    /// <summary>Carriers of the shift first, then by name.</summary>
    async Task<IReadOnlyList<CameraDistribution>> CamerasAsync(
        DriftQuestion question, DriftReport report, SignalDrift signal, CancellationToken cancellationToken)
    {
        var known = await StackAnswer.TryAsync(monitor.DimensionsAsync(question.Deployment, report.From, report.To, cancellationToken));
        var carriers = signal.Carriers.Where(carrier => carrier.Dimension == "camera").ToDictionary(carrier => carrier.Name);
        var names = (known?.Cameras ?? []).Union(carriers.Keys).OrderByDescending(name => carriers.GetValueOrDefault(name)?.Share ?? 0).ThenBy(name => name).Take(MostCameras);
        var read = names.Select(async name => (Name: name, Read: await DistributionAsync(question, report, signal.Signal, name, question.Class, cancellationToken)));
        return [.. (await Task.WhenAll(read)).Where(one => one.Read is { Edges.Count: > 1 })
            .Select(one => new CameraDistribution(one.Name, one.Read!, carriers.GetValueOrDefault(one.Name)))];
    }

    static BaselineInfo? Current(IReadOnlyList<BaselineInfo> baselines) =>
        baselines.OrderByDescending(baseline => baseline.From).FirstOrDefault(baseline => baseline.State != BaselineState.Superseded);
}
