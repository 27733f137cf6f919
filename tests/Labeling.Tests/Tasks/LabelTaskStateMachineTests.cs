using CsCheck;
using RetrainLoop.Labeling.Tasks;

namespace RetrainLoop.Tests.Labeling.Tasks;

public sealed class LabelTaskStateMachineTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    static readonly Guid Mine = Guid.NewGuid(), Other = Guid.NewGuid();
    static readonly LabelTaskStatus Waiting = new(LabelTaskState.Waiting, null, null, null, 1);
    static readonly LabelTaskStatus Leased = new(LabelTaskState.Leased, Mine, Now.AddMinutes(1), "ana", 2);

    static readonly Gen<LabelTaskEvent> Events = Gen.Select(Gen.Int[0, 8], Gen.Bool.Select(mine => mine ? Mine : Other), Gen.Int[1, 4], Gen.Bool).Select((kind, lease, revision, review) => kind switch
    {
        0 => new LabelTaskEvent.Claimed("ana", lease, TimeSpan.FromMinutes(1)),
        1 => new LabelTaskEvent.Renewed(lease, TimeSpan.FromMinutes(1)),
        2 => new LabelTaskEvent.DraftSaved(lease),
        3 => new LabelTaskEvent.LeaseExpired(),
        4 => new LabelTaskEvent.Skipped(lease, "dark"),
        5 => new LabelTaskEvent.Submitted(lease, revision, review),
        6 => new LabelTaskEvent.Approved(),
        7 => new LabelTaskEvent.Returned("sloppy"),
        _ => (LabelTaskEvent)new LabelTaskEvent.FrameErased(),
    });

    [Fact]
    public void Decide_AnyHistory_KeepsTheInvariants() =>
        Gen.Select(Events, Gen.Int[0, 40]).Array[1, 30].Sample(history =>
        {
            var (task, now) = (Waiting, Now);
            foreach (var (happened, seconds) in history)
            {
                now += TimeSpan.FromSeconds(seconds);
                var decision = LabelTaskStateMachine.Decide(task, happened, now);
                Assert.True(decision.Next is null != decision.Refusal is null);
                if (decision.Next is not { } next) continue;
                Assert.DoesNotContain(task.State, new[] { LabelTaskState.Accepted, LabelTaskState.Skipped }); // final
                Assert.Equal(next.State == LabelTaskState.Leased, next.Lease is not null && next.LeaseUntil > now);
                Assert.True(next.Revision > task.Revision || happened is LabelTaskEvent.Renewed);
                task = next;
            }
        });

    [Theory]
    [InlineData(false, LabelTaskState.Accepted)]
    [InlineData(true, LabelTaskState.Review)]
    public void Decide_Submitted_GoesWhereTheReviewOptionSays(bool review, LabelTaskState state)
    {
        var next = LabelTaskStateMachine.Decide(Leased, new LabelTaskEvent.Submitted(Mine, 2, review), Now).Next;
        Assert.Equal(new LabelTaskStatus(state, null, null, "ana", 3), next);
    }

    [Fact]
    public void Decide_Submitted_RefusesAnotherLeaseALateOneAndAnOldRevision()
    {
        Assert.Equal(LabelTaskRefusal.LostLease, LabelTaskStateMachine.Decide(Leased, new LabelTaskEvent.Submitted(Other, 2, false), Now).Refusal);
        Assert.Equal(LabelTaskRefusal.LostLease, LabelTaskStateMachine.Decide(Leased, new LabelTaskEvent.Submitted(Mine, 2, false), Now.AddMinutes(1)).Refusal);
        Assert.Equal(LabelTaskRefusal.Stale, LabelTaskStateMachine.Decide(Leased, new LabelTaskEvent.Submitted(Mine, 1, false), Now).Refusal);
    }

    [Fact]
    public void Decide_Reviewed_IsAcceptedOrWaitsAgain()
    {
        var review = Leased with { State = LabelTaskState.Review, Lease = null, LeaseUntil = null };
        Assert.Equal(LabelTaskState.Accepted, LabelTaskStateMachine.Decide(review, new LabelTaskEvent.Approved(), Now).Next?.State);
        Assert.Equal(new LabelTaskStatus(LabelTaskState.Waiting, null, null, null, 3), LabelTaskStateMachine.Decide(review, new LabelTaskEvent.Returned("sloppy"), Now).Next);
        Assert.Equal(LabelTaskRefusal.WrongState, LabelTaskStateMachine.Decide(Leased, new LabelTaskEvent.Approved(), Now).Refusal);
    }
}
