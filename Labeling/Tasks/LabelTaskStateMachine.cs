namespace RetrainLoop.Labeling.Tasks;

/// <summary>What the machine knows of a task. Lease and LeaseUntil are set exactly while it is Leased.</summary>
/// <param name="Revision">Grows with each change of what the task holds; its ETag.</param>
public sealed record LabelTaskStatus(LabelTaskState State, Guid? Lease, DateTimeOffset? LeaseUntil, string? Annotator, int Revision);

/// <summary>What can happen to a task.</summary>
public abstract record LabelTaskEvent
{
    public sealed record Claimed(string Annotator, Guid Lease, TimeSpan Duration) : LabelTaskEvent;
    public sealed record Renewed(Guid Lease, TimeSpan Duration) : LabelTaskEvent;
    public sealed record DraftSaved(Guid Lease) : LabelTaskEvent;
    public sealed record LeaseExpired : LabelTaskEvent;
    public sealed record Skipped(Guid Lease, string Reason) : LabelTaskEvent;
    public sealed record Submitted(Guid Lease, int Revision, bool NeedsReview) : LabelTaskEvent;
    public sealed record Approved : LabelTaskEvent;
    public sealed record Returned(string Reason) : LabelTaskEvent;
    public sealed record FrameErased : LabelTaskEvent;
}

public enum LabelTaskRefusal { LostLease, Stale, WrongState }

/// <summary>The next status, or a refusal; with the reason in a sentence.</summary>
public sealed record LabelTaskDecision(LabelTaskStatus? Next, LabelTaskRefusal? Refusal, string Reason);

/// <summary>
/// Waiting -> Leased (claim) -> Accepted, or Review when a second person looks (submit) -> Accepted (approve) or Waiting (return);
/// Leased -> Waiting (lease ran out) or Skipped; anything unfinished -> Skipped when its frame is erased. Accepted and Skipped are final.
/// </summary>
public static class LabelTaskStateMachine
{
    public static LabelTaskDecision Decide(LabelTaskStatus task, LabelTaskEvent happened, DateTimeOffset now) => happened switch
    {
        LabelTaskEvent.Claimed claim => task.State != LabelTaskState.Waiting
            ? WrongState(task, "be claimed")
            : Moved(new(LabelTaskState.Leased, claim.Lease, now + claim.Duration, claim.Annotator, task.Revision + 1), "Claimed."),
        LabelTaskEvent.LeaseExpired => task.State != LabelTaskState.Leased || task.LeaseUntil > now
            ? WrongState(task, "lose its lease")
            : Moved(Free(task, LabelTaskState.Waiting), "The lease ran out."),
        LabelTaskEvent.Renewed renewal => WhileLeased(task, renewal.Lease, now, () =>
            Moved(task with { LeaseUntil = now + renewal.Duration }, "Renewed.")),
        LabelTaskEvent.DraftSaved draft => WhileLeased(task, draft.Lease, now, () =>
            Moved(task with { Revision = task.Revision + 1 }, "Draft saved.")),
        LabelTaskEvent.Skipped skip => WhileLeased(task, skip.Lease, now, () =>
            Moved(Done(task, LabelTaskState.Skipped), skip.Reason)),
        LabelTaskEvent.Submitted submit => WhileLeased(task, submit.Lease, now, () => submit.Revision != task.Revision
            ? new(null, LabelTaskRefusal.Stale,
                "The task changed since it was loaded, for example in another tab. The newer draft is kept; load the task again and compare.")
            : submit.NeedsReview
                ? Moved(Done(task, LabelTaskState.Review), "Submitted for review.")
                : Moved(Done(task, LabelTaskState.Accepted), "Submitted; no review is asked for.")),
        LabelTaskEvent.Approved => task.State != LabelTaskState.Review
            ? WrongState(task, "be approved")
            : Moved(Done(task, LabelTaskState.Accepted), "Approved."),
        LabelTaskEvent.Returned back => task.State != LabelTaskState.Review
            ? WrongState(task, "be returned")
            : Moved(Free(task, LabelTaskState.Waiting), back.Reason),
        LabelTaskEvent.FrameErased => task.State is LabelTaskState.Accepted or LabelTaskState.Skipped
            ? WrongState(task, "be given up")
            : Moved(Done(task, LabelTaskState.Skipped), "Its frame was erased."),
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "Unknown event"),
    };

    static LabelTaskDecision WhileLeased(LabelTaskStatus task, Guid lease, DateTimeOffset now, Func<LabelTaskDecision> decide) =>
        task.State is LabelTaskState.Accepted or LabelTaskState.Skipped or LabelTaskState.Review ? WrongState(task, "be changed")
        : task.State != LabelTaskState.Leased || task.Lease != lease || task.LeaseUntil <= now
            ? new(null, LabelTaskRefusal.LostLease,
                "Your lease on this task ran out, or somebody else has it now. What you sent is kept as your draft; claim a task to go on.")
            : decide();

    static LabelTaskDecision WrongState(LabelTaskStatus task, string what) =>
        new(null, LabelTaskRefusal.WrongState, $"The task is {Name(task.State)} and cannot {what}.");

    static string Name(LabelTaskState state) => state switch
    {
        LabelTaskState.Waiting => "waiting",
        LabelTaskState.Leased => "leased",
        LabelTaskState.Review => "in review",
        LabelTaskState.Accepted => "already accepted",
        _ => "skipped",
    };

    static LabelTaskDecision Moved(LabelTaskStatus next, string reason) => new(next, null, reason);

    static LabelTaskStatus Free(LabelTaskStatus task, LabelTaskState state) => new(state, null, null, null, task.Revision + 1);

    static LabelTaskStatus Done(LabelTaskStatus task, LabelTaskState state) =>
        task with { State = state, Lease = null, LeaseUntil = null, Revision = task.Revision + 1 };
}
