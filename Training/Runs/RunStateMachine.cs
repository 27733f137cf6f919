using RetrainLoop.Contracts;

namespace RetrainLoop.Training.Runs;

/// <summary>Where a run stands. While it runs, one worker holds it until its lease ends.</summary>
/// <param name="Attempt">Claims since the last finished epoch.</param>
public sealed record RunStanding(TrainingRunState State, int Attempt = 0, Guid? Worker = null, DateTimeOffset? LeaseUntil = null)
{
    public bool IsFinished => State is TrainingRunState.Succeeded or TrainingRunState.Failed or TrainingRunState.Cancelled;
}

/// <summary>What can happen to a run.</summary>
public abstract record RunEvent
{
    /// <summary>A worker wants to work on it.</summary>
    /// <param name="Attempts">The most claims without a finished epoch between them.</param>
    public sealed record Claim(Guid Worker, TimeSpan Lease, int Attempts) : RunEvent;

    /// <summary>The worker is still there.</summary>
    public sealed record Renew(Guid Worker, TimeSpan Lease) : RunEvent;

    /// <summary>An epoch is done.</summary>
    public sealed record Progress(Guid Worker, TimeSpan Lease) : RunEvent;

    /// <summary>The worker gives it back unfinished, to be taken up again.</summary>
    public sealed record Release(Guid Worker, string Reason) : RunEvent;

    public sealed record Succeed(Guid Worker) : RunEvent;

    public sealed record Fail(Guid Worker, string Reason) : RunEvent;

    public sealed record Cancel(string Reason) : RunEvent;
}

/// <summary>The answer of the machine: the next standing with the reason for it, or why the event does not apply.</summary>
public abstract record RunDecision
{
    public sealed record Next(RunStanding Standing, string Reason) : RunDecision;

    public sealed record Refused(string Reason) : RunDecision;
}

/// <summary>The life of a training run: Queued, Running, then Succeeded, Failed or Cancelled for good.</summary>
public static class RunStateMachine
{
    public static RunDecision Decide(RunStanding run, RunEvent @event, DateTimeOffset now) => (run.State, @event) switch
    {
        ({ } state, _) when run.IsFinished => new RunDecision.Refused($"The run has already {Ended(state)}."),
        (TrainingRunState.Queued, RunEvent.Claim claim) => Take(run, claim, now, "a worker started it"),
        (TrainingRunState.Running, RunEvent.Claim) when run.LeaseUntil > now => new RunDecision.Refused("Another worker is on it."),
        (TrainingRunState.Running, RunEvent.Claim claim) => Take(run, claim, now, "its worker went away; it goes on from the last checkpoint"),
        (_, RunEvent.Cancel cancel) => End(run, TrainingRunState.Cancelled, cancel.Reason),
        (TrainingRunState.Running, RunEvent.Renew e) => IfHeld(run, e.Worker, () => Extend(run, e.Lease, now)),
        (TrainingRunState.Running, RunEvent.Progress e) => IfHeld(run, e.Worker, () => Extend(run with { Attempt = 0 }, e.Lease, now)),
        (TrainingRunState.Running, RunEvent.Release e) => IfHeld(
            run, e.Worker, () => new RunDecision.Next(run with { State = TrainingRunState.Queued, Worker = null, LeaseUntil = null }, e.Reason)),
        (TrainingRunState.Running, RunEvent.Succeed e) => IfHeld(run, e.Worker, () => End(run, TrainingRunState.Succeeded, "trained")),
        (TrainingRunState.Running, RunEvent.Fail e) => IfHeld(run, e.Worker, () => End(run, TrainingRunState.Failed, e.Reason)),
        _ => new RunDecision.Refused("No worker holds the run."),
    };

    static RunDecision Take(RunStanding run, RunEvent.Claim claim, DateTimeOffset now, string reason) => run.Attempt >= claim.Attempts
        ? End(run, TrainingRunState.Failed, $"It was interrupted {run.Attempt} times without finishing an epoch. The service's log has the reasons.")
        : new RunDecision.Next(new RunStanding(TrainingRunState.Running, run.Attempt + 1, claim.Worker, now + claim.Lease), reason);

    static RunDecision IfHeld(RunStanding run, Guid worker, Func<RunDecision> then) =>
        run.Worker == worker ? then() : new RunDecision.Refused("Another worker has taken the run over.");

    static RunDecision Extend(RunStanding run, TimeSpan lease, DateTimeOffset now) => new RunDecision.Next(run with { LeaseUntil = now + lease }, "");

    static RunDecision End(RunStanding run, TrainingRunState state, string reason) =>
        new RunDecision.Next(run with { State = state, Worker = null, LeaseUntil = null }, reason);

    static string Ended(TrainingRunState state) => state switch
    {
        TrainingRunState.Succeeded => "succeeded",
        TrainingRunState.Failed => "failed",
        _ => "been cancelled",
    };
}
