using System.Globalization;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Drift;

namespace RetrainLoop.Monitor.Diagnoses;

/// <summary>Reads the facts, decides by the table and lays out the evidence. Pure.</summary>
public static class Diagnostician
{
    /// <param name="occasion">Why the table is executed.</param>
    public static Diagnosis Diagnose(
        Guid id, string deployment, ModelRef model, DiagnosisFacts facts, DiagnosisOptions options, DateTimeOffset now,
        DiagnosisOccasion occasion = DiagnosisOccasion.Asked)
    {
        var map = ReadMap(facts);
        var volume = VolumeChecks(facts.Volume, options);
        var latency = LatencyCheck(facts.Volume);
        var (confidence, boxSize) = (LevelOf(facts, Signals.ConfidenceName), LevelOf(facts, Signals.BoxAreaName));
        var (action, summary) = DecisionTable.Decide(new Readings(confidence, boxSize, map,
            volume.Any(check => check.Verdict == Verdict.Failed), latency.Verdict == Verdict.Failed, facts.Holdout?.Verdict.Downtrend == true));
        var evidence = (facts.Drift?.Signals ?? []).Select(SignalCheck).Append(MapCheck(facts, map)).Concat(volume).Append(latency);
        var carriers = DiagnosisSteps.Carriers(facts);
        return new Diagnosis(id, deployment, model, action, summary, [.. evidence], facts.Drift?.Id, facts.Since, now)
        {
            Occasion = occasion, Carriers = carriers, Certainty = Certainty(facts), Actions = DiagnosisSteps.Of(action, facts, carriers, options),
        };
    }

    /// <summary>
    /// An evaluation made before the drift began says nothing about it. A fall of more than the limit counts when the interval of the change excludes
    /// noise; one that may be noise is not known.
    /// </summary>
    static MapReading ReadMap(DiagnosisFacts facts)
    {
        if (facts.Holdout is not { Verdict: { AtLock: not null } verdict } holdout || holdout.At < facts.Since) return MapReading.Unknown;
        if (!verdict.Dropped) return MapReading.Holding;
        return verdict.SinceLock is { High: not null, ExcludesNoise: false } ? MapReading.Unknown : MapReading.Dropped;
    }

    /// <summary>How sure the evidence is: of what moved, and of mAP.</summary>
    static string Certainty(DiagnosisFacts facts)
    {
        var parts = (facts.Drift?.Signals ?? []).Where(signal => signal.Level == DriftLevel.Drift)
            .Select(signal => Text($"{SignalNames.Of(signal.Signal)}: distance {signal.Distance:0.00}, adjusted p = {signal.FalseDiscoveryPValue:0.####}, worth {signal.EffectiveSampleSize:0} independent values")).ToList();
        if (facts.Holdout is { Low: { } low, High: { } high } holdout) parts.Add(Text($"mAP {holdout.Value:0.000} [{low:0.000}, {high:0.000}]"));
        return parts.Count == 0 ? "Nothing moved, and there is no mAP to be sure of." : string.Join("; ", parts) + ".";
    }

    static DriftLevel LevelOf(DiagnosisFacts facts, string signal) =>
        facts.Drift?.Signals.FirstOrDefault(drift => drift.Signal == signal)?.Level ?? DriftLevel.Inconclusive;

    static Check SignalCheck(SignalDrift drift) => new(drift.Signal, drift.Level switch
    {
        DriftLevel.Drift => Verdict.Failed,
        DriftLevel.Inconclusive => Verdict.Inconclusive,
        _ => Verdict.Passed,
    }, drift.CurrentMean, drift.BaselineMean, null, null, "mean", drift.Explanation);

    static Check MapCheck(DiagnosisFacts facts, MapReading reading)
    {
        var holdout = facts.Holdout;
        var detail = holdout switch
        {
            null => "The champion was never evaluated on the live holdout.",
            _ when reading == MapReading.Unknown && holdout.At < facts.Since => "The newest live-holdout evaluation is older than the drift.",
            _ => holdout.Verdict.Summary,
        };
        var verdict = reading switch { MapReading.Holding => Verdict.Passed, MapReading.Dropped => Verdict.Failed, _ => Verdict.Inconclusive };
        return new Check("liveHoldoutMap", verdict, holdout?.Value, holdout?.Verdict.AtLock, holdout?.Low, holdout?.High, "fraction", detail);
    }

    static Check[] VolumeChecks(VolumeFact volume, DiagnosisOptions options) =>
    [
        VolumeCheck("detectionsPerMinute", volume.DetectionsPerMinute, volume.BaselinePerMinute, options.DetectionsPerMinuteDrop, volume.Cameras),
        VolumeCheck("detectionsPerRequest", volume.DetectionsPerRequest, volume.BaselinePerRequest, options.DetectionsPerRequestDrop, null),
    ];

    static Check VolumeCheck(string name, double? now, double? before, double drop, IReadOnlyList<CameraVolume>? cameras)
    {
        var verdict = now is null || before is not > 0 ? Verdict.Inconclusive : now < before * (1 - drop) ? Verdict.Failed : Verdict.Passed;
        var detail = verdict == Verdict.Inconclusive
            ? "Nothing to compare."
            : Text($"{now / before - 1:+0 %;-0 %;0 %} against the baseline; a fall of more than {drop:0 %} is a drop.");
        if (verdict == Verdict.Failed && DiagnosisSteps.Quiet(cameras, drop) is { Count: > 0 } quiet) detail += $" Quiet: {string.Join(", ", quiet)}.";
        return new Check(name, verdict, now, before, null, null, name == "detectionsPerMinute" ? "1/min" : "1/request", detail);
    }

    static Check LatencyCheck(VolumeFact volume) => new("latencyP95",
        volume.LatencyP95 is not { } p95 ? Verdict.Inconclusive : p95 > volume.LatencyBudgetMs ? Verdict.Failed : Verdict.Passed,
        volume.LatencyP95, volume.LatencyBudgetMs, null, null, "ms", "p95 over the window against the deployment's budget.");

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
