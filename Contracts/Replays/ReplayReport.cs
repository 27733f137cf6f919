namespace RetrainLoop.Contracts;

/// <summary>What would have been seen, had the deployment watched these frames when they were taken. Grows while the replay runs.</summary>
/// <param name="BaselineUntil">The frames before it are the baseline that every later period is compared with.</param>
/// <param name="JudgedUntil">Periods before it are judged.</param>
/// <param name="Complete">Everything is judged.</param>
/// <param name="NotJudged">Rules that cannot be judged from old frames, with the reason.</param>
public sealed record ReplayReport(
    Guid Id, string Deployment, string Name, ModelRef Model, DateTimeOffset From, DateTimeOffset To, DateTimeOffset BaselineUntil,
    DateTimeOffset JudgedUntil, bool Complete, ReplayFigures Figures, IReadOnlyList<ReplayPeriod> Periods, IReadOnlyList<ReplayAlert> Alerts,
    IReadOnlyList<ReplaySkippedRule> NotJudged);

/// <summary>The whole replay in numbers.</summary>
/// <param name="DriftPeriods">Periods whose level is Drift.</param>
/// <param name="DriftSince">Start of the first period of the unbroken run of Drift at the end; null when the last judged period did not drift.</param>
/// <param name="FirstDrift">Start of the first period that drifted.</param>
public sealed record ReplayFigures(
    long Frames, long Unreadable, long Detections, double? DetectionsPerRequest, double? MeanConfidence, int Periods, int DriftPeriods,
    DateTimeOffset? FirstDrift, DateTimeOffset? DriftSince, int Alerts);

/// <summary>A day of the deployment's zone, or an hour of a replay shorter than two days; the first and the last may be cut.</summary>
/// <param name="MeanConfidence">Over detections at the operating point; null without any.</param>
/// <param name="MeanBrightness">Mean luma, [0, 255].</param>
/// <param name="Baseline">Part of the baseline, so not compared with it.</param>
/// <param name="Level">Null in the baseline.</param>
public sealed record ReplayPeriod(
    DateTimeOffset From, DateTimeOffset To, long Frames, long Unreadable, long Detections, double? DetectionsPerRequest, double? MeanConfidence,
    double? MeanBrightness, bool Baseline, DriftLevel? Level, IReadOnlyList<SignalDrift> Signals);

/// <summary>An alert that would have fired. It never notifies anybody.</summary>
/// <param name="ResolvedAt">Null when it would still be firing at the end of what is judged.</param>
/// <param name="Value">What was measured when it fired, in <paramref name="Unit"/>.</param>
public sealed record ReplayAlert(
    Guid Rule, string RuleName, AlertSeverity Severity, DateTimeOffset FiredAt, DateTimeOffset? ResolvedAt, double? Value, double? Threshold,
    string Unit, string Summary, string Runbook, bool Replay = true);

/// <summary>A rule that says nothing about old frames.</summary>
public sealed record ReplaySkippedRule(Guid Rule, string RuleName, string Reason);
