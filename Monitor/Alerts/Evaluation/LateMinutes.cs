using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Rules;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>What late telemetry changes of an alert.</summary>
/// <param name="Status">Where it stands now.</param>
/// <param name="Transitions">To be entered in the history, oldest first: the state before and the status after.</param>
public sealed record LateFinding(AlertStatus Status, IReadOnlyList<(AlertState From, AlertStatus To)> Transitions);

/// <summary>A minute that is judged again.</summary>
/// <param name="Observe">What it says, given where the rule stands.</param>
public sealed record LateMinute(DateTimeOffset Start, Func<AlertStatus, RuleObservation> Observe);

/// <summary>
/// Judges minutes again of which telemetry arrived late. Firings that nobody knew of are entered with their own times. What is in the history stays:
/// nothing is entered twice, taken back, or resolved in hindsight; who was told so was told so. Pure.
/// </summary>
public static class LateMinutes
{
    sealed record Firing(DateTimeOffset BreachFrom, AlertState Before, AlertStatus Fired, AlertStatus? Resolved);

    /// <param name="current">Where the alert stands after the last of the minutes.</param>
    /// <param name="past">The firings that its history has.</param>
    /// <param name="late">The stretch that changed.</param>
    /// <param name="minutes">In order, from enough before the stretch to know what it began with, to the last judged.</param>
    /// <returns>Null when nothing changes.</returns>
    public static LateFinding? Judge(
        AlertRuleInfo rule, AlertStatus current, IReadOnlyList<PastFiring> past, (DateTimeOffset From, DateTimeOffset To) late,
        IReadOnlyList<LateMinute> minutes, DateTimeOffset foundAt)
    {
        if (minutes.Count == 0) return null;
        var (last, firings, unbroken) = Replay(rule, past, minutes);
        var found = firings.Where(firing => firing.BreachFrom < late.To && firing.Fired.FiredAt > late.From
            && !past.Any(known => known.Overlaps(firing.Fired.FiredAt!.Value, firing.Resolved?.ResolvedAt))).ToList();
        var transitions = found.SelectMany(firing => Transitions(firing, foundAt)).ToList();
        if (current.IsOpen) return transitions.Count == 0 ? null : new LateFinding(current, transitions);
        if (found.Count > 0 && !(found[^1].Fired.FiredAt <= current.FiredAt))
        {
            var status = last with { FoundLateAt = foundAt };
            if (status.State != transitions[^1].To.State) transitions.Add((transitions[^1].To.State, status));
            return new LateFinding(status, transitions);
        }
        var pending = Pending(current, last, late.From, unbroken);
        if (pending.State != current.State) transitions.Add((current.State, pending));
        return pending == current && transitions.Count == 0 ? null : new LateFinding(pending, transitions);
    }

    static (AlertStatus Last, List<Firing> Firings, bool Unbroken) Replay(AlertRuleInfo rule, IReadOnlyList<PastFiring> past, IReadOnlyList<LateMinute> minutes)
    {
        var status = Begin(past, minutes[0].Start);
        var (firings, breachFrom, unbroken) = (new List<Firing>(), minutes[0].Start, true);
        foreach (var minute in minutes)
        {
            var seen = minute.Observe(status);
            var next = AlertStateMachine.Next(status, seen, AlertCadence.Needed(rule), AlertCadence.CalmNeeded(rule));
            if (next.Streak == 1) breachFrom = minute.Start;
            unbroken &= seen.Kind == Observation.Breach;
            // Where the history has a resolution it happened: what breaches afterwards is another firing.
            if (next.IsOpen && past.Any(known => known.To > minute.Start && known.To <= seen.At)) next = AlertStateMachine.Withdraw(next, seen.Summary, seen.At);
            if (!status.IsOpen && next.IsOpen) firings.Add(new Firing(breachFrom, status.State, next, null));
            else if (status.IsOpen && !next.IsOpen && firings.Count > 0) firings[^1] = firings[^1] with { Resolved = next };
            status = next;
        }
        return (status, firings, unbroken);
    }

    static AlertStatus Begin(IReadOnlyList<PastFiring> past, DateTimeOffset at) =>
        past.FirstOrDefault(known => known.From <= at && !(known.To <= at)) is { } open
            ? AlertStatus.New(at) with { State = AlertState.Firing, FiredAt = open.From }
            : AlertStatus.New(at);

    static IEnumerable<(AlertState From, AlertStatus To)> Transitions(Firing firing, DateTimeOffset foundAt)
    {
        yield return (firing.Before, firing.Fired with { FoundLateAt = foundAt });
        if (firing.Resolved is { } resolved) yield return (AlertState.Firing, resolved with { FoundLateAt = foundAt });
    }

    /// <summary>How many breaches in a row there are counts on: late telemetry may have made them more or fewer.</summary>
    /// <param name="unbroken">There are more before the first minute, perhaps: the present count is the better one.</param>
    static AlertStatus Pending(AlertStatus current, AlertStatus last, DateTimeOffset lateFrom, bool unbroken)
    {
        if (unbroken || last.IsOpen || (current.State != AlertState.Pending && last.State != AlertState.Pending)) return current;
        return last with
        {
            Since = last.State == current.State ? current.Since : last.Since > lateFrom ? last.Since : lateFrom,
            FiredAt = current.FiredAt, ResolvedAt = current.ResolvedAt, FoundLateAt = current.FoundLateAt,
        };
    }
}
