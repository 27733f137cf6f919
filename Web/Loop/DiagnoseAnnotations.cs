using Microsoft.Extensions.Options;
using RetrainLoop.Web.Loop.Feeds;
using RetrainLoop.Web.Loop.Holdouts;
using RetrainLoop.Web.Loop.Runs;

namespace RetrainLoop.Web.Loop;

/// <summary>
/// Accepted annotations -> holdouts scored on the new labels, then a diagnosis: labels may have settled what it did not know. A batch is what comes
/// without a pause, or all there is after the longest wait. During a pass of the loop nothing happens here: the pass measures by itself.
/// </summary>
public sealed class DiagnoseAnnotations(
    ArrowLock turns, Feed feed, HoldoutChecks checks, LoopRuns runs, IOptions<LoopOptions> options, PulseSignal pulse, TimeProvider time) : Arrow(turns)
{
    public static readonly IReadOnlyList<string> Kinds = [ChangeKinds.AnnotationAccepted];
    const int PageSize = 1000;

    protected override async Task<string> TurnAsync(CancellationToken cancellationToken)
    {
        var page = await feed.ReadAsync("labeling", Name, Kinds, PageSize, cancellationToken);
        if (page.Changes.Count == 0) return "Nothing to do.";
        var now = time.GetUtcNow();
        var (oldest, newest) = (page.Changes.Min(change => change.At), page.Changes.Max(change => change.At));
        var isFull = page.Changes.Count == PageSize;
        if (!isFull && now - newest < options.Value.AnnotationPause && now - oldest < options.Value.AnnotationLongestWait)
            return $"{page.Changes.Count} annotations wait for the end of their batch.";
        var said = new List<string>();
        foreach (var batch in page.Changes.Select(change => change.Read<AnnotationAccepted>()).GroupBy(annotation => annotation.Deployment))
            said.Add($"{batch.Key}: {batch.Count()} annotations, {await NoteAsync(batch.Key, page.Next, cancellationToken)}");
        await feed.AdvanceAsync("labeling", Name, page.Next, cancellationToken);
        pulse.Wake();
        return string.Join(" ", said);
    }

    async Task<string> NoteAsync(string deployment, string cursor, CancellationToken cancellationToken)
    {
        if (await runs.FindActiveAsync(deployment, cancellationToken) is { } run) return $"pass {run.Id} measures them.";
        await checks.AddAsync(deployment, $"annotations {cursor}", diagnose: true, cancellationToken);
        return "holdouts are scored and diagnosed.";
    }
}
