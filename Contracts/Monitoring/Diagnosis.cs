namespace RetrainLoop.Contracts;

/// <summary>What to do about what was measured; the decision table of the README.</summary>
public enum DiagnosisAction { Healthy, Watch, LabelFirst, Retrain, Investigate, InvestigateCamera, Hardware, Inconclusive }

/// <summary>Why the decision table was executed.</summary>
public enum DiagnosisOccasion { Asked, Daily, Annotations }

/// <summary>What a person can do next about a diagnosis.</summary>
public enum DiagnosisStepKind { SampleFrames, OpenRunbook, StartLoop, Label, InspectCamera }

/// <summary>One next step, for a button.</summary>
/// <param name="Label">The button's words.</param>
/// <param name="Target">What it is about: a camera, a runbook's name, a drift report's id, a number of frames; empty when it needs none.</param>
public sealed record DiagnosisStep(DiagnosisStepKind Kind, string Label, string Target);

/// <summary>The decision table executed on the newest measurements.</summary>
/// <param name="Since">Start of the first window of the unbroken run of drift reports that lasts until now; null without drift.</param>
public sealed record Diagnosis(
    Guid Id, string Deployment, ModelRef Model, DiagnosisAction Action, string Summary, IReadOnlyList<Check> Evidence,
    Guid? DriftReport, DateTimeOffset? Since, DateTimeOffset MadeAt)
{
    public DiagnosisOccasion Occasion { get; init; }

    /// <summary>How sure the evidence is, in a sentence: intervals, adjusted p, effective sample sizes.</summary>
    public string Certainty { get; init; } = "";

    /// <summary>Cameras and classes that carry what moved, strongest first.</summary>
    public IReadOnlyList<DriftCarrier> Carriers { get; init; } = [];

    /// <summary>What to do next, most useful first.</summary>
    public IReadOnlyList<DiagnosisStep> Actions { get; init; } = [];

    /// <summary>Since when diagnoses say the same without a break; for policies that wait.</summary>
    public DateTimeOffset? UnchangedSince { get; init; }
}
