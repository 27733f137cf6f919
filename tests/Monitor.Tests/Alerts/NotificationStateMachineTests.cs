using CsCheck;
using RetrainLoop.Monitor.Alerts.Notifications;

namespace RetrainLoop.Tests.Monitor.Alerts;

public sealed class NotificationStateMachineTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    static readonly GroupTiming Timing = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromHours(4), SendResolved: true);
    static readonly Guid A = Guid.Parse("0190a000-0000-7000-8000-00000000000a"), B = Guid.Parse("0190a000-0000-7000-8000-00000000000b");

    /// <summary>Runs every ten seconds up to an hour and a half, or longer, and notes what is told and when.</summary>
    static List<string> Tell(Func<int, IEnumerable<GroupMember>> at, int seconds = 5400, bool sendResolved = true)
    {
        var (state, told) = (GroupState.Quiet, new List<string>());
        for (var second = 0; second <= seconds; second += 10)
        {
            (state, var notification) = NotificationStateMachine.Next(state, [.. at(second)], Timing with { SendResolved = sendResolved }, Start.AddSeconds(second));
            if (notification is not null)
                told.Add($"{second}: firing {Names(notification.Firing)} resolved {Names(notification.Resolved)}{(notification.Repeat ? " again" : "")}");
        }
        return told;
    }

    static string Names(IEnumerable<Guid> alerts) => string.Concat(alerts.Select(alert => alert == A ? "A" : "B").Order());

    /// <summary>An alert that fires at a second and resolves at another.</summary>
    static IEnumerable<GroupMember> Alert(Guid id, int second, int from, int to = int.MaxValue, Func<int, bool>? suppressed = null, Func<int, bool>? acknowledged = null) =>
        second < from ? [] : [new GroupMember(id, Start.AddSeconds(from), second >= to ? Start.AddSeconds(to) : null, suppressed?.Invoke(second) ?? false, acknowledged?.Invoke(second) ?? false)];

    [Fact]
    public void Next_OneAlert_WaitsForCompanyThenTellsFiringAndResolved() => Assert.Equal(
        ["90: firing A resolved ", "660: firing  resolved A"], Tell(second => Alert(A, second, 60, 630)));

    [Fact]
    public void Next_SecondAlertWithinTheWait_ComesInTheSameNotification() => Assert.Equal(
        ["30: firing AB resolved "], Tell(second => [.. Alert(A, second, 0), .. Alert(B, second, 20)]));

    [Fact]
    public void Next_SecondAlertAfterTheNotification_WaitsForTheInterval() => Assert.Equal(
        ["30: firing A resolved ", "330: firing AB resolved "], Tell(second => [.. Alert(A, second, 0), .. Alert(B, second, 60)]));

    [Fact]
    public void Next_AlertThatIsOverWithinTheWait_IsNotTold() => Assert.Empty(Tell(second => Alert(A, second, 0, 20)));

    [Fact]
    public void Next_AlertThatWasOverBeforeAnybodyLooked_IsToldAsResolved() => Assert.Equal(
        ["1030: firing  resolved A"], Tell(second => second < 1000 ? [] : Alert(A, second, 100, 800)));

    [Fact]
    public void Next_ResolvesSoonAfterBeingTold_IsToldAfterTheInterval() => Assert.Equal(
        ["30: firing A resolved ", "330: firing  resolved A"], Tell(second => Alert(A, second, 0, 40)));

    [Fact]
    public void Next_NoNews_RemindsEveryFourHoursUnlessAcknowledged()
    {
        Assert.Equal(["30: firing A resolved ", "14430: firing A resolved  again", "28830: firing A resolved  again"], Tell(second => Alert(A, second, 0), 30_000));
        Assert.Equal(["30: firing A resolved "], Tell(second => Alert(A, second, 0, acknowledged: now => now > 600), 30_000));
    }

    [Fact]
    public void Next_SilencedThroughout_IsNeverTold() => Assert.Empty(Tell(second => Alert(A, second, 0, 3000, suppressed: now => now < 4000)));

    [Fact]
    public void Next_SilenceEndsWhileFiring_IsToldThen() => Assert.Equal(
        ["1030: firing A resolved "], Tell(second => Alert(A, second, 0, suppressed: now => now < 1000)));

    [Fact]
    public void Next_SilencedAfterBeingTold_SaysNothingMore() => Assert.Equal(
        ["30: firing A resolved "], Tell(second => Alert(A, second, 0, 2000, suppressed: now => now is > 600)));

    [Fact]
    public void Next_SilenceAfterBeingToldEnds_RemindsThen() => Assert.Equal(
        ["30: firing A resolved ", "15000: firing A resolved  again"], Tell(second => Alert(A, second, 0, suppressed: now => now is > 600 and < 15_000), 20_000));

    [Fact]
    public void Next_ResolvedNotWanted_TellsOnlyFiring() => Assert.Equal(
        ["30: firing A resolved "], Tell(second => Alert(A, second, 0, 900), sendResolved: false));

    [Fact]
    public void Next_FiresAnew_IsToldAnew() => Assert.Equal(
        ["30: firing A resolved ", "630: firing  resolved A", "2030: firing A resolved "],
        Tell(second => second < 2000 ? Alert(A, second, 0, 600) : Alert(A, second, 2000)));

    /// <summary>Whatever happens to two alerts and however rarely anybody looks, each firing is told as firing once and as resolved once at most, in that order.</summary>
    [Fact]
    public void Next_AnyHistory_TellsEachFiringOnce() => Gen.Select(
        Gen.Int[20, 2000].Array[2, 12], Gen.Int[20, 2000].Array[2, 12], Gen.Int[10, 400].Array[50], Gen.Bool.Array[50]).Sample((first, second, looks, suppressed) =>
    {
        var (state, second0, told) = (GroupState.Quiet, 0, new List<(Guid, DateTimeOffset, bool Resolved)>());
        DateTimeOffset? sentAt = null;
        for (var look = 0; look < looks.Length; look++)
        {
            second0 += looks[look];
            var now = Start.AddSeconds(second0);
            List<GroupMember> members = [.. Newest(A, first, second0, suppressed[look]), .. Newest(B, second, second0, suppressed[^(look + 1)])];
            (state, var notification) = NotificationStateMachine.Next(state, members, Timing, now);
            if (notification is null) continue;
            if (sentAt is { } sent && state.SentAt is not null && told.Count > 0 && !notification.Repeat && WasFiring(told)) Assert.True(now - sent >= Timing.Interval);
            sentAt = now;
            foreach (var member in members)
            {
                if (notification.Resolved.Contains(member.Alert)) told.Add((member.Alert, member.FiredAt, true));
                else if (notification.Firing.Contains(member.Alert) && !notification.Repeat && !told.Contains((member.Alert, member.FiredAt, false))) told.Add((member.Alert, member.FiredAt, false));
            }
        }
        Assert.Equal(told.Count, told.Distinct().Count());
        foreach (var (alert, firedAt, _) in told.Where(each => !each.Resolved))
            Assert.DoesNotContain(told.TakeWhile(each => each != (alert, firedAt, false)), each => each == (alert, firedAt, true));
    });

    static bool WasFiring(List<(Guid, DateTimeOffset, bool Resolved)> told) => !told[^1].Resolved;

    /// <summary>The newest firing by turns of firing and quiet of given lengths.</summary>
    static IEnumerable<GroupMember> Newest(Guid alert, int[] lengths, int second, bool suppressed)
    {
        var (at, newest) = (0, (GroupMember?)null);
        for (var turn = 0; turn < lengths.Length && at <= second; turn++)
        {
            newest = turn % 2 == 0
                ? new GroupMember(alert, Start.AddSeconds(at), null, suppressed)
                : newest! with { ResolvedAt = Start.AddSeconds(at) };
            at += lengths[turn];
        }
        return newest is null ? [] : [newest];
    }
}
