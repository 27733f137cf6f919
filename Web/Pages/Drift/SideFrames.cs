using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages.Drift;

/// <summary>What both sides of a comparison are looked at for.</summary>
/// <param name="BaselineTo">Not after <paramref name="BaselineFrom"/> when no baseline is locked yet: then it has no time of its own to look at.</param>
/// <param name="ByDistance">Frames are looked for by embedding distance, which none carries: Monitor names those of the bin.</param>
/// <param name="Bin">Bounds of the bin that was clicked; null = all values.</param>
public sealed record SidesQuestion(
    string Deployment, DriftReport Report, DateTimeOffset BaselineFrom, DateTimeOffset BaselineTo, bool ByDistance, (double Low, double High)? Bin, string? Camera);

/// <summary>Sampled frames of the baseline and of a report's window.</summary>
public sealed class SideFrames(MonitorClient monitor, InferenceClient inference)
{
    const int Looks = 400, Most = 4;

    /// <summary>Many frames of each time, of which the page picks those that show the bin; by distance, those of the bin and no others.</summary>
    /// <exception cref="StackException">A service refused or is away.</exception>
    public async Task<(IReadOnlyList<SampledFrame> Baseline, IReadOnlyList<SampledFrame> Now)> ReadAsync(SidesQuestion question, CancellationToken cancellationToken)
    {
        if (question.ByDistance) return await ByDistanceAsync(question, cancellationToken);
        var then = question.BaselineTo > question.BaselineFrom
            ? inference.FramesBetweenAsync(question.Deployment, question.BaselineFrom, question.BaselineTo, question.Camera, Looks, cancellationToken)
            : Task.FromResult<IReadOnlyList<SampledFrame>>([]);
        var now = await inference.FramesBetweenAsync(
            question.Deployment, question.Report.From, question.Report.To, question.Camera, Looks, cancellationToken);
        return (await then, now);
    }

    async Task<(IReadOnlyList<SampledFrame>, IReadOnlyList<SampledFrame>)> ByDistanceAsync(SidesQuestion question, CancellationToken cancellationToken)
    {
        var distances = await monitor.FrameDistancesAsync(
            question.Deployment, question.Report.Id, question.Bin, question.Camera, Most, cancellationToken);
        return (await FindAsync(distances.Baseline), await FindAsync(distances.Current));

        async Task<IReadOnlyList<SampledFrame>> FindAsync(IReadOnlyList<FrameDistance> side) =>
            [.. (await Task.WhenAll(side.Select(one => inference.FindFrameAsync(one.Frame, cancellationToken)))).OfType<SampledFrame>()];
    }
}
