namespace RetrainLoop.Web.Loop.Runs;

/// <summary>Where a pass of the loop stands. The last three are final.</summary>
public enum LoopRunStage
{
    WaitingForPerson, Sampling, Annotating, Freezing, Training, Registering, Validating, RollingOut, LockingBaseline, Completed, Failed, Cancelled,
}

/// <summary>What can happen to a pass. Each carries the sentence that its transition records.</summary>
public abstract record LoopRunEvent(string Reason)
{
    /// <summary>Enough frames wait for annotators or are annotated.</summary>
    public sealed record FramesSuffice(string Reason) : LoopRunEvent(Reason);
    /// <summary>Enough annotations were accepted.</summary>
    public sealed record LabelsSuffice(string Reason) : LoopRunEvent(Reason);
    public sealed record DatasetFrozen(string Reason) : LoopRunEvent(Reason);
    public sealed record TrainingSucceeded(string Reason) : LoopRunEvent(Reason);
    public sealed record CandidateRegistered(string Reason) : LoopRunEvent(Reason);
    /// <summary>The gate judged the candidate.</summary>
    public sealed record Validated(Verdict Verdict, string Reason) : LoopRunEvent(Reason);
    public sealed record RolloutPaused(string Reason) : LoopRunEvent(Reason);
    /// <summary>Somebody resumed the rollout itself, which answers the question that its pause had asked.</summary>
    public sealed record RolloutResumed(string Reason) : LoopRunEvent(Reason);
    public sealed record RolloutSucceeded(string Reason) : LoopRunEvent(Reason);
    public sealed record RolloutAborted(string Reason) : LoopRunEvent(Reason);
    public sealed record BaselineLocked(string Reason) : LoopRunEvent(Reason);
    /// <summary>The stage cannot go on by itself; accepting tries it once more.</summary>
    public sealed record Blocked(string Reason) : LoopRunEvent(Reason);
    /// <summary>The stage can never succeed.</summary>
    public sealed record GivenUp(string Reason) : LoopRunEvent(Reason);
    /// <summary>A person says: go on.</summary>
    public sealed record Accepted(string Reason) : LoopRunEvent(Reason);
    /// <summary>A person says: end it.</summary>
    public sealed record Rejected(string Reason) : LoopRunEvent(Reason);
    public sealed record Cancelled(string Reason) : LoopRunEvent(Reason);
}

/// <summary>The state of a pass.</summary>
/// <param name="Since">When it came to this stage.</param>
/// <param name="Attempt">Counts from 1; grows when a person lets a blocked stage try again, so that its keys are new ones.</param>
/// <param name="AskedIn">While waiting for a person: the stage that asks; null when the question is whether to begin.</param>
/// <param name="OnAccept">While waiting for a person: where accepting leads.</param>
/// <param name="Question">While waiting for a person: what is asked.</param>
public sealed record LoopRunState(
    LoopRunStage Stage, DateTimeOffset Since, int Attempt = 1, LoopRunStage? AskedIn = null, LoopRunStage? OnAccept = null, string? Question = null)
{
    public static LoopRunState Begin(DateTimeOffset now) => new(LoopRunStage.Sampling, now);

    public static LoopRunState BeginAsking(string question, DateTimeOffset now) =>
        new(LoopRunStage.WaitingForPerson, now, OnAccept: LoopRunStage.Sampling, Question: question);

    public static bool IsFinal(LoopRunStage stage) => stage is LoopRunStage.Completed or LoopRunStage.Failed or LoopRunStage.Cancelled;

    /// <summary>Pure: the next state, or why the event is refused in this one.</summary>
    public static LoopRunOutcome Apply(LoopRunState state, LoopRunEvent happened, DateTimeOffset now)
    {
        if (IsFinal(state.Stage)) return Refused($"this pass ended as {state.Stage}");
        return (state.Stage, happened) switch
        {
            (_, LoopRunEvent.Cancelled) => To(LoopRunStage.Cancelled),
            (LoopRunStage.WaitingForPerson, LoopRunEvent.Accepted) => Accept(),
            (LoopRunStage.WaitingForPerson, LoopRunEvent.Rejected) => To(LoopRunStage.Cancelled),
            (LoopRunStage.WaitingForPerson, _) when state.AskedIn == LoopRunStage.RollingOut => Rollout(),
            (LoopRunStage.WaitingForPerson, _) => Refused("this pass waits for a person"),
            (LoopRunStage.Sampling, LoopRunEvent.FramesSuffice) => To(LoopRunStage.Annotating),
            (LoopRunStage.Sampling or LoopRunStage.Annotating, LoopRunEvent.LabelsSuffice) => To(LoopRunStage.Freezing),
            (LoopRunStage.Freezing, LoopRunEvent.DatasetFrozen) => To(LoopRunStage.Training),
            (LoopRunStage.Training, LoopRunEvent.TrainingSucceeded) => To(LoopRunStage.Registering),
            (LoopRunStage.Registering, LoopRunEvent.CandidateRegistered) => To(LoopRunStage.Validating),
            (LoopRunStage.Validating, LoopRunEvent.Validated gate) => Judge(gate.Verdict),
            (LoopRunStage.RollingOut, _) when happened is LoopRunEvent.RolloutPaused => Ask(LoopRunStage.RollingOut),
            (LoopRunStage.RollingOut, LoopRunEvent.RolloutSucceeded or LoopRunEvent.RolloutAborted) => Rollout(),
            (LoopRunStage.LockingBaseline, LoopRunEvent.BaselineLocked) => To(LoopRunStage.Completed),
            (_, LoopRunEvent.Blocked) => Ask(state.Stage),
            (_, LoopRunEvent.GivenUp) => To(LoopRunStage.Failed),
            _ => Refused($"{happened.GetType().Name} means nothing while {state.Stage}"),
        };

        LoopRunOutcome To(LoopRunStage stage) => new(new LoopRunState(stage, now, state.Attempt), happened.Reason);

        LoopRunOutcome Ask(LoopRunStage onAccept) =>
            new(new LoopRunState(LoopRunStage.WaitingForPerson, now, state.Attempt, state.Stage, onAccept, happened.Reason), happened.Reason);

        LoopRunOutcome Accept() =>
            new(new LoopRunState(state.OnAccept!.Value, now, state.OnAccept == state.AskedIn ? state.Attempt + 1 : state.Attempt), happened.Reason);

        // The gate lets a candidate pass, ends the pass, or leaves the decision to a person.
        LoopRunOutcome Judge(Verdict verdict) => verdict switch
        {
            Verdict.Passed => To(LoopRunStage.RollingOut),
            Verdict.Failed => To(LoopRunStage.Failed),
            Verdict.Inconclusive => Ask(LoopRunStage.RollingOut),
            _ => Ask(LoopRunStage.Validating),
        };

        // A rollout can also be moved by a person on its own page, whether or not the pass is waiting.
        LoopRunOutcome Rollout() => happened switch
        {
            LoopRunEvent.RolloutResumed => To(LoopRunStage.RollingOut),
            LoopRunEvent.RolloutSucceeded => To(LoopRunStage.LockingBaseline),
            LoopRunEvent.RolloutAborted => To(LoopRunStage.Failed),
            _ => Refused("this pass waits for a person"),
        };

        static LoopRunOutcome Refused(string why) => new(null, why);
    }
}

/// <summary>What an event led to.</summary>
/// <param name="Next">Null when the event was refused.</param>
/// <param name="Reason">The transition's reason, or why it was refused.</param>
public sealed record LoopRunOutcome(LoopRunState? Next, string Reason);
