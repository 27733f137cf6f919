using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages.Replay;

/// <summary>What the page shows.</summary>
/// <param name="Replays">Newest first; null = Inference does not answer.</param>
/// <param name="Selected">Null without a replay.</param>
/// <param name="Report">Null until Monitor has frames of it.</param>
/// <param name="MonitorAnswers">False = whether there is a report is not known.</param>
public sealed record ReplaySnapshot(IReadOnlyList<ReplayInfo>? Replays, ReplayInfo? Selected, ReplayReport? Report, bool MonitorAnswers = true);

/// <summary>Reads a deployment's replays and the report of one. A complete report does not change, so it is read once.</summary>
public sealed class ReplayReader(ReplaysClient replays, ReplayReportsClient reports)
{
    ReplayReport? last;

    /// <param name="chosen">The replay to show; null or unknown = the newest.</param>
    public async Task<ReplaySnapshot> ReadAsync(string deployment, Guid? chosen, CancellationToken cancellationToken)
    {
        var known = await TryAsync(async () => await replays.ReplaysAsync(deployment, cancellationToken));
        var selected = known?.FirstOrDefault(replay => replay.Id == chosen) ?? (known is { Count: > 0 } ? known[0] : null);
        if (selected is null) return new ReplaySnapshot(known, null, null);
        if (last?.Id != selected.Id) last = null;
        var answers = true;
        if (last is not { Complete: true })
        {
            try
            {
                last = await reports.FindAsync(selected.Id, cancellationToken) ?? last;
            }
            catch (StackException)
            {
                answers = false;
            }
        }
        return new ReplaySnapshot(known, selected, last, answers);
    }

    static async Task<T?> TryAsync<T>(Func<Task<T?>> call) where T : class
    {
        try
        {
            return await call();
        }
        catch (StackException)
        {
            return null;
        }
    }
}
