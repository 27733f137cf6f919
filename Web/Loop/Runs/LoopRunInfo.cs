namespace RetrainLoop.Web.Loop.Runs;

/// <summary>A pass of the loop as the API shows it.</summary>
/// <param name="StageSince">When it came to its stage.</param>
/// <param name="Question">What a person is asked; null unless it waits for one.</param>
/// <param name="OnAccept">The stage that accepting leads to.</param>
/// <param name="Policy">Name of the policy it follows.</param>
/// <param name="Transitions">Its history, oldest first; only when a single pass is asked for.</param>
public sealed record LoopRunInfo(
    Guid Id, string Deployment, LoopRunStage Stage, DateTimeOffset StageSince, int Attempt, string? Question, LoopRunStage? OnAccept,
    string Reason, string StartedBy, string Policy, LoopRunProgress? Progress, LoopRunHold? Hold, LoopRunLineage Lineage,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, IReadOnlyList<LoopRunTransition>? Transitions = null)
{
    public static LoopRunInfo Of(LoopRun run, IReadOnlyList<LoopRunTransition>? transitions = null) => new(
        run.Id, run.Deployment, run.State.Stage, run.State.Since, run.State.Attempt, run.State.Question, run.State.OnAccept, run.Reason, run.StartedBy,
        run.Policy.Name, run.Progress, run.Hold, run.Lineage, run.CreatedAt, run.FinishedAt, transitions);
}

/// <summary>Begins a pass by hand.</summary>
/// <param name="Since">Frames captured since then are the new ones. Default: the onset that the newest diagnosis names, else the last 24 hours.</param>
public sealed record LoopRunStart(string Reason, DateTimeOffset? Since = null);

public enum LoopRunAnswer { Accept, Reject }

/// <summary>A person's answer to a pass that waits.</summary>
public sealed record LoopRunDecision(LoopRunAnswer Answer, string Reason);

/// <summary>The body of cancel.</summary>
public sealed record LoopRunCommand(string Reason);
