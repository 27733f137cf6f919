namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>The newest firing of an alert, as a channel's group sees it.</summary>
/// <param name="FiredAt">Which firing it is.</param>
/// <param name="Suppressed">Silenced or inhibited now.</param>
/// <param name="Acknowledged">Somebody is on it: told once, not repeated.</param>
public sealed record GroupMember(Guid Alert, DateTimeOffset FiredAt, DateTimeOffset? ResolvedAt, bool Suppressed = false, bool Acknowledged = false);

/// <summary>What a channel knows of an alert's firing. KeptBack = it was suppressed whenever it could have been told.</summary>
public enum Told { Firing, Resolved, KeptBack }

public sealed record ToldFiring(Guid Alert, DateTimeOffset FiredAt, Told What);

/// <summary>What a channel was told of one group of alerts.</summary>
/// <param name="NewsSince">Since when there is something to tell; null = nothing.</param>
/// <param name="SentAt">The last notification while anything has been firing; null = the group is quiet.</param>
public sealed record GroupState(DateTimeOffset? NewsSince, DateTimeOffset? SentAt, IReadOnlyList<ToldFiring> Known)
{
    public static GroupState Quiet { get; } = new(null, null, []);
}

/// <param name="Wait">From the first news of a group to its notification.</param>
/// <param name="Interval">The least time between two notifications.</param>
/// <param name="Repeat">From one notification to its reminder.</param>
public sealed record GroupTiming(TimeSpan Wait, TimeSpan Interval, TimeSpan Repeat, bool SendResolved);

/// <param name="Firing">All that fire now, told before or not.</param>
/// <param name="Resolved">Those that resolved since the last notification.</param>
/// <param name="Repeat">Nothing is new.</param>
public sealed record GroupNotification(IReadOnlyList<Guid> Firing, IReadOnlyList<Guid> Resolved, bool Repeat);

/// <summary>
/// When a group of alerts is told to a channel: news wait for company, notifications keep a distance, silence is broken by reminders. Each firing is
/// told as firing once and as resolved once, whenever and however often this runs. Pure.
/// </summary>
public static class NotificationStateMachine
{
    public static (GroupState State, GroupNotification? Notification) Next(
        GroupState state, IReadOnlyList<GroupMember> members, GroupTiming timing, DateTimeOffset now)
    {
        var known = state.Known.ToDictionary(told => told.Alert);
        Told? ToldOf(GroupMember member) => known.TryGetValue(member.Alert, out var told) && told.FiredAt == member.FiredAt ? told.What : null;
        void Know(GroupMember member, Told what) => known[member.Alert] = new ToldFiring(member.Alert, member.FiredAt, what);

        foreach (var member in members)
            if (IsKeptBack(member, ToldOf(member), timing)) Know(member, member.ResolvedAt is null ? Told.KeptBack : Told.Resolved);

        var firing = members.Where(member => member is { ResolvedAt: null, Suppressed: false }).ToList();
        var begun = firing.Where(member => ToldOf(member) != Told.Firing).ToList();
        var ended = members.Where(member => member.ResolvedAt is not null && (ToldOf(member) ?? Told.Firing) == Told.Firing).ToList();
        var anyOpen = members.Any(member => member.ResolvedAt is null); // a silenced firing goes on: reminders come when the silence ends
        var anyNews = begun.Count + ended.Count > 0;
        DateTimeOffset? newsSince = anyNews ? state.NewsSince ?? now : null;

        if (anyNews ? IsDue(newsSince!.Value, state.SentAt, timing, now) : IsReminderDue(state.SentAt, firing, timing, now))
        {
            foreach (var member in begun) Know(member, Told.Firing);
            foreach (var member in ended) Know(member, Told.Resolved);
            var sent = new GroupState(null, anyOpen ? now : null, [.. known.Values]);
            return (sent, new GroupNotification([.. firing.Select(member => member.Alert)], [.. ended.Select(member => member.Alert)], !anyNews));
        }
        var quiet = !anyOpen && !anyNews;
        return (new GroupState(newsSince, quiet ? null : state.SentAt, [.. known.Values]), null);
    }

    /// <summary>What a channel shall not hear, now or later: suppressed firings, resolutions that nobody waits for, firings too short to tell.</summary>
    static bool IsKeptBack(GroupMember member, Told? told, GroupTiming timing) => member.ResolvedAt is { } resolved
        ? told switch
        {
            Told.Firing => member.Suppressed || !timing.SendResolved,
            null => member.Suppressed || !timing.SendResolved || resolved - member.FiredAt < timing.Wait,
            Told.KeptBack => true,
            _ => false,
        }
        : member.Suppressed && told is null;

    static bool IsDue(DateTimeOffset newsSince, DateTimeOffset? sentAt, GroupTiming timing, DateTimeOffset now) =>
        now >= newsSince + timing.Wait && (sentAt is not { } sent || now >= sent + timing.Interval);

    static bool IsReminderDue(DateTimeOffset? sentAt, List<GroupMember> firing, GroupTiming timing, DateTimeOffset now) =>
        sentAt is { } sent && now >= sent + timing.Repeat && firing.Any(member => !member.Acknowledged);
}
