using RetrainLoop.Web.Loop.Runs;

namespace RetrainLoop.Web.Loop.Policies;

/// <summary>What a policy says to a diagnosis.</summary>
/// <param name="Begin">Whether a pass begins.</param>
/// <param name="Ask">Whether a person is asked first.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record TriggerDecision(bool Begin, bool Ask, string Reason);

/// <summary>Pure: decides whether a diagnosis begins a pass.</summary>
public static class RetrainTrigger
{
    public static readonly IReadOnlyList<DiagnosisAction> DefaultActions = [DiagnosisAction.Retrain, DiagnosisAction.LabelFirst];
    public static readonly IReadOnlyList<string> DefaultSignals = ["confidence", "boxArea"];

    /// <param name="drift">The drift report that the diagnosis rests on, when there is one.</param>
    /// <param name="champion">The deployment's champion now.</param>
    /// <param name="active">The deployment's active pass.</param>
    /// <param name="lastFinished">When its last pass ended.</param>
    public static TriggerDecision Decide(
        RetrainPolicy policy, Diagnosis diagnosis, DriftReport? drift, ModelRef champion, LoopRun? active, DateTimeOffset? lastFinished, DateTimeOffset now)
    {
        if (policy.Mode == RetrainMode.Off) return No($"policy '{policy.Name}' is off");
        if (!(policy.Actions ?? DefaultActions).Contains(diagnosis.Action)) return No($"policy '{policy.Name}' does not act on {diagnosis.Action}");
        if (diagnosis.Model != champion) return No($"it is about {diagnosis.Model}, but {champion} serves now");
        if (active is not null) return No($"pass {active.Id} is under way");
        var moved = Moved(policy.Signals ?? DefaultSignals, diagnosis, drift);
        if (moved is null) return No($"none of the signals of policy '{policy.Name}' moved");
        var persisted = diagnosis.MadeAt - (diagnosis.UnchangedSince ?? diagnosis.MadeAt);
        if (persisted < TimeSpan.FromHours(policy.PersistHours))
            return No($"diagnoses have said so for {persisted.TotalHours:0.#} of the {policy.PersistHours:0.#} hours that policy '{policy.Name}' waits");
        if (lastFinished is { } end && now < end.AddMinutes(policy.CooldownMinutes))
            return No($"the last pass ended less than {policy.CooldownMinutes:0.#} minutes ago");
        return new TriggerDecision(
            true, policy.Mode == RetrainMode.Ask, $"{diagnosis.Action}: {diagnosis.Summary}{(moved.Length > 0 ? $" (moved: {moved})" : "")}");
    }

    /// <summary>The watched signals that moved, joined; empty when the policy watches none; null when none of them moved.</summary>
    static string? Moved(IReadOnlyList<string> watched, Diagnosis diagnosis, DriftReport? drift)
    {
        if (watched.Count == 0) return "";
        var drifted = (drift?.Signals ?? []).Where(signal => signal.Level == DriftLevel.Drift).Select(signal => signal.Signal);
        var failed = diagnosis.Evidence.Where(check => check.Verdict == Verdict.Failed).Select(check => check.Name);
        var moved = drifted.Concat(failed).Intersect(watched, StringComparer.OrdinalIgnoreCase).ToList();
        return moved.Count == 0 ? null : string.Join(", ", moved);
    }

    static TriggerDecision No(string reason) => new(false, false, reason);
}
