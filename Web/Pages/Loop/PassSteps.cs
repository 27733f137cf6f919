using RetrainLoop.Web.Loop.Runs;

namespace RetrainLoop.Web.Pages.Loop;

public enum StepState { Ahead, Current, Asks, Done, Failed }

/// <summary>One stage of a pass as the page draws it.</summary>
/// <param name="Began">When the pass last came to it; null while it is ahead.</param>
/// <param name="Ended">When the pass left it; null while it is there or ahead.</param>
public sealed record PassStep(LoopRunStage Stage, StepState State, DateTimeOffset? Began, DateTimeOffset? Ended)
{
    public TimeSpan? Elapsed(DateTimeOffset now) => Began is { } began ? (Ended ?? now) - began : null;
}

/// <summary>Reads the stages of a pass off its history.</summary>
public static class PassSteps
{
    /// <summary>The stages in loop order.</summary>
    public static IReadOnlyList<LoopRunStage> Order { get; } =
    [
        LoopRunStage.Sampling, LoopRunStage.Annotating, LoopRunStage.Freezing, LoopRunStage.Training,
        LoopRunStage.Registering, LoopRunStage.Validating, LoopRunStage.RollingOut, LoopRunStage.LockingBaseline,
    ];

    /// <param name="state">Where the pass stands now.</param>
    /// <param name="transitions">Its history, oldest first.</param>
    public static IReadOnlyList<PassStep> Of(LoopRunState state, IReadOnlyList<LoopRunTransition> transitions)
    {
        var here = Here(state, transitions);
        var at = here is { } stage ? Order.IndexOf(stage) : -1;
        return [.. Order.Select((step, index) =>
        {
            var began = transitions.LastOrDefault(transition => transition.To == step)?.At;
            var ended = began is null ? null : transitions.FirstOrDefault(transition => transition.At >= began && transition.From == step)?.At;
            return new PassStep(step, StateOf(state, index, at, began), began, ended);
        })];
    }

    static StepState StateOf(LoopRunState state, int index, int at, DateTimeOffset? began)
    {
        if (state.Stage == LoopRunStage.Completed) return StepState.Done;
        if (index == at)
            return state.Stage switch
            {
                LoopRunStage.WaitingForPerson => StepState.Asks,
                LoopRunStage.Failed or LoopRunStage.Cancelled => StepState.Failed,
                _ => StepState.Current,
            };
        return index < at && began is not null ? StepState.Done : StepState.Ahead;
    }

    /// <summary>The stage that a pass is on; while it waits, the one that asks; when it ended early, the last one it was on.</summary>
    static LoopRunStage? Here(LoopRunState state, IReadOnlyList<LoopRunTransition> transitions) => state.Stage switch
    {
        LoopRunStage.WaitingForPerson => state.AskedIn ?? state.OnAccept,
        LoopRunStage.Failed or LoopRunStage.Cancelled => transitions.LastOrDefault(transition => Order.Contains(transition.To))?.To,
        LoopRunStage.Completed => null,
        var stage => stage,
    };

    static int IndexOf(this IReadOnlyList<LoopRunStage> stages, LoopRunStage stage)
    {
        for (var index = 0; index < stages.Count; index++)
            if (stages[index] == stage) return index;
        return -1;
    }
}
