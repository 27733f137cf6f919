using RetrainLoop.Training.Runs;
using static RetrainLoop.Contracts.TrainingRunState;

namespace RetrainLoop.Tests.Training.Runs;

public sealed class RunStateMachineTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    static readonly Guid Mine = Guid.NewGuid(), Other = Guid.NewGuid();
    static readonly RunStanding Held = new(Running, 1, Mine, Now + Lease);

    public static TheoryData<string, RunStanding, RunEvent, RunStanding?> Table => new()
    {
        { "claim a queued run", new(Queued), Claim(Mine), new(Running, 1, Mine, Now + Lease) },
        { "claim a held run", Held, Claim(Other), null },
        { "claim a run whose lease has ended", Held with { LeaseUntil = Now }, Claim(Other), new(Running, 2, Other, Now + Lease) },
        { "claim after too many attempts", new(Queued, 3), Claim(Mine), new(Failed, 3) },
        { "claim a finished run", new(Succeeded), Claim(Mine), null },
        { "renew by the holder", Held with { LeaseUntil = Now }, new RunEvent.Renew(Mine, Lease), Held },
        { "renew by another", Held, new RunEvent.Renew(Other, Lease), null },
        { "renew a cancelled run", new(Cancelled), new RunEvent.Renew(Mine, Lease), null },
        { "progress forgives earlier attempts", Held with { Attempt = 3 }, new RunEvent.Progress(Mine, Lease), Held with { Attempt = 0 } },
        { "release keeps the attempts", Held, new RunEvent.Release(Mine, "killed"), new(Queued, 1) },
        { "release by another", Held, new RunEvent.Release(Other, "killed"), null },
        { "succeed", Held, new RunEvent.Succeed(Mine), new(Succeeded, 1) },
        { "succeed by one who lost the lease", Held with { Worker = Other }, new RunEvent.Succeed(Mine), null },
        { "succeed without a claim", new(Queued), new RunEvent.Succeed(Mine), null },
        { "fail", Held, new RunEvent.Fail(Mine, "no images"), new(Failed, 1) },
        { "cancel a queued run", new(Queued), new RunEvent.Cancel("by ada"), new(Cancelled) },
        { "cancel a running run", Held, new RunEvent.Cancel("by ada"), new(Cancelled, 1) },
        { "cancel a finished run", new(Failed), new RunEvent.Cancel("by ada"), null },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Decide_EventInAState_GivesTheNextStandingOrARefusal(string name, RunStanding run, RunEvent @event, RunStanding? expected)
    {
        var decision = RunStateMachine.Decide(run, @event, Now);
        if (expected is null) Assert.True(decision is RunDecision.Refused { Reason.Length: > 0 }, name);
        else Assert.Equal(expected, Assert.IsType<RunDecision.Next>(decision).Standing);
    }

    static RunEvent.Claim Claim(Guid worker) => new(worker, Lease, Attempts: 3);
}
