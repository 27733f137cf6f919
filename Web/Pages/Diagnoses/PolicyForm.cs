using RetrainLoop.Web.Loop.Policies;

namespace RetrainLoop.Web.Pages.Diagnoses;

/// <summary>The part of a policy that the page edits; the rest of it stays as it is.</summary>
public sealed class PolicyForm(RetrainPolicy policy)
{
    public static readonly IReadOnlyList<DiagnosisAction> Patterns =
        [DiagnosisAction.Retrain, DiagnosisAction.LabelFirst, DiagnosisAction.Watch, DiagnosisAction.Investigate, DiagnosisAction.InvestigateCamera];

    public static readonly IReadOnlyList<string> Watchable =
        ["confidence", "boxArea", "boxWidth", "boxHeight", "classMix", "detectionsPerRequest", "brightness", "sharpness", "embeddingDistance"];

    public string Name { get; set; } = policy.Name;
    public RetrainMode Mode { get; set; } = policy.Mode;
    public HashSet<DiagnosisAction> Actions { get; } = [.. policy.Actions ?? RetrainTrigger.DefaultActions];
    public HashSet<string> Signals { get; } = [.. policy.Signals ?? RetrainTrigger.DefaultSignals];
    public double PersistHours { get; set; } = policy.PersistHours;
    public double CooldownHours { get; set; } = policy.CooldownMinutes / 60;
    public int MinimumTraining { get; set; } = policy.MinimumTraining;
    public int MinimumRecent { get; set; } = policy.MinimumRecent;
    public string DiagnoseCron { get; set; } = policy.DiagnoseCron;
    public string HoldoutCron { get; set; } = policy.HoldoutCron;
    public string DriftCron { get; set; } = policy.DriftCron;

    public static void Toggle<T>(HashSet<T> set, T item, bool on)
    {
        if (on) set.Add(item);
        else set.Remove(item);
    }

    public RetrainPolicy ToPolicy() => policy with
    {
        Name = Name.Trim(), Mode = Mode, Actions = [.. Actions.Order()], Signals = [.. Watchable.Where(Signals.Contains).Union(Signals)],
        PersistHours = PersistHours, CooldownMinutes = CooldownHours * 60, MinimumTraining = MinimumTraining, MinimumRecent = MinimumRecent,
        DiagnoseCron = DiagnoseCron.Trim(), HoldoutCron = HoldoutCron.Trim(), DriftCron = DriftCron.Trim(),
    };
}
