using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>
/// An arrow that moves the passes which stand on its stages. Each step asks the owners under deterministic keys, so that asking again is looking again.
/// </summary>
public abstract partial class StageArrow(ArrowLock turns, LoopRuns runs, TimeProvider time, ILogger logger) : Arrow(turns)
{
    public abstract IReadOnlyList<LoopRunStage> Stages { get; }

    protected LoopRuns Runs => runs;
    protected TimeProvider Time => time;

    /// <summary>Brings one pass as far as it goes now. Read the pass given; remember through <see cref="LoopRuns"/>.</summary>
    protected abstract Task<string> StepAsync(LoopRun run, CancellationToken cancellationToken);

    protected sealed override async Task<string> TurnAsync(CancellationToken cancellationToken)
    {
        var said = new List<string>();
        foreach (var run in await runs.InAsync(Stages, cancellationToken)) said.Add($"{run.Deployment}: {await TryStepAsync(run, cancellationToken)}");
        return said.Count == 0 ? "Nothing to do." : string.Join(" ", said);
    }

    async Task<string> TryStepAsync(LoopRun run, CancellationToken cancellationToken)
    {
        try
        {
            var said = await StepAsync(run, cancellationToken);
            if (run.Hold is not null) await runs.NoteAsync(run.Id, noted => noted.Hold == run.Hold ? noted with { Hold = null } : noted, cancellationToken);
            return said;
        }
        catch (Exception exception) when (exception is StackException { IsAway: true } or HoldException)
        {
            return await HoldAsync(run, exception.Message, cancellationToken);
        }
        catch (StackException exception)
        {
            LogRefused(exception, Name, run.Id);
            return await MoveAsync(run, new LoopRunEvent.Blocked($"{exception.Message} Put it right, then accept to try again."), cancellationToken);
        }
    }

    /// <summary>The step cannot go on now, but time or others will change that: the pass stays where it is and shows the reason.</summary>
    protected sealed class HoldException(string reason) : Exception(reason);

    /// <summary>Notes what the pass waits for outside the loop, and since when.</summary>
    async Task<string> HoldAsync(LoopRun run, string reason, CancellationToken cancellationToken)
    {
        await runs.NoteAsync(
            run.Id,
            noted => noted.Hold?.Reason == reason ? noted : noted with { Hold = new LoopRunHold(reason, time.GetUtcNow()) },
            cancellationToken);
        return $"waits: {reason}";
    }

    protected async Task<string> ProgressAsync(
        LoopRun run, string unit, double done, double total, CancellationToken cancellationToken, DateTimeOffset? eta = null)
    {
        var progress = LoopRunProgress.Of(unit, done, total, run.State.Since, time.GetUtcNow());
        if (eta is not null) progress = progress with { Eta = eta };
        if (run.Progress is not { } before || (before.Unit, before.Done, before.Total) != (unit, progress.Done, total))
            await runs.NoteAsync(run.Id, noted => noted.State == run.State ? noted with { Progress = progress } : noted, cancellationToken);
        return $"{progress.Done:0.#} of {total:0.#} {unit}.";
    }

    /// <summary>Moves the pass on. Another hand may have moved it meanwhile; then that one counts.</summary>
    protected async Task<string> MoveAsync(
        LoopRun run, LoopRunEvent happened, CancellationToken cancellationToken, Func<LoopRunLineage, LoopRunLineage>? learned = null)
    {
        var outcome = await runs.ApplyAsync(run.Id, happened, LoopRuns.StackActor, cancellationToken, learned);
        if (outcome.Next is { } next) LogMoved(run.Id, run.State.Stage, next.Stage, outcome.Reason);
        return outcome.Next is null ? $"not moved, since {outcome.Reason}." : $"{run.State.Stage} -> {outcome.Next.Stage}: {outcome.Reason}";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Pass {Run}: {From} -> {To}: {Reason}")]
    partial void LogMoved(Guid run, LoopRunStage from, LoopRunStage to, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Arrow} was refused for pass {Run}")]
    partial void LogRefused(Exception exception, string arrow, Guid run);
}
