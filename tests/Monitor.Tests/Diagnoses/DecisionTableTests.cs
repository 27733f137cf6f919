using RetrainLoop.Monitor.Diagnoses;

namespace RetrainLoop.Tests.Monitor.Diagnoses;

public sealed class DecisionTableTests
{
    const DriftLevel Stable = DriftLevel.Stable, Drift = DriftLevel.Drift, KsOnly = DriftLevel.KsOnly, Unclear = DriftLevel.Inconclusive;
    const MapReading Unknown = MapReading.Unknown, Holding = MapReading.Holding, Dropped = MapReading.Dropped;

    [Theory]
    [InlineData(Stable, Stable, Holding, false, false, DiagnosisAction.Healthy)]
    [InlineData(Stable, Stable, Unknown, false, false, DiagnosisAction.Healthy)]
    [InlineData(KsOnly, KsOnly, Unknown, false, false, DiagnosisAction.Healthy)]
    [InlineData(Drift, Stable, Holding, false, false, DiagnosisAction.Watch)]
    [InlineData(Drift, Stable, Dropped, false, false, DiagnosisAction.Retrain)]
    [InlineData(Drift, Stable, Unknown, false, false, DiagnosisAction.LabelFirst)]
    [InlineData(Drift, Drift, Unknown, false, false, DiagnosisAction.LabelFirst)]
    [InlineData(Drift, Drift, Unknown, true, true, DiagnosisAction.LabelFirst)]
    [InlineData(Drift, Drift, Dropped, false, false, DiagnosisAction.Retrain)]
    [InlineData(Drift, Drift, Holding, false, false, DiagnosisAction.InvestigateCamera)]
    [InlineData(Stable, Drift, Holding, false, false, DiagnosisAction.InvestigateCamera)]
    [InlineData(Stable, Drift, Unknown, true, false, DiagnosisAction.InvestigateCamera)] // zoom: size shift and volume drop
    [InlineData(Stable, Drift, Dropped, false, false, DiagnosisAction.InvestigateCamera)]
    [InlineData(Stable, Stable, Dropped, false, false, DiagnosisAction.Retrain)]
    [InlineData(Stable, Stable, Holding, true, false, DiagnosisAction.Investigate)]
    [InlineData(KsOnly, Stable, Unknown, true, false, DiagnosisAction.Investigate)]
    [InlineData(Unclear, Unclear, Unknown, true, false, DiagnosisAction.Investigate)] // nothing detected at all
    [InlineData(Stable, Stable, Holding, true, true, DiagnosisAction.Hardware)]
    [InlineData(Stable, Stable, Holding, false, true, DiagnosisAction.Hardware)]
    [InlineData(Unclear, Stable, Holding, false, false, DiagnosisAction.Inconclusive)]
    [InlineData(Stable, Unclear, Unknown, false, false, DiagnosisAction.Inconclusive)]
    public void Decide_Readings_GiveTheAction(
        DriftLevel confidence, DriftLevel boxSize, MapReading map, bool volumeDropped, bool latencyOver, DiagnosisAction expected) =>
        Assert.Equal(expected, DecisionTable.Decide(new Readings(confidence, boxSize, map, volumeDropped, latencyOver)).Action);

    static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    static Diagnosis Diagnose(HoldoutFact? holdout, VolumeFact? volume = null)
    {
        SignalDrift Signal(string name, DriftLevel level) => new(name, level, 0.4, 1e-9, 0, 0, 900, 900, 300, 1e-6, 0.8, 0.6, "Shifted.");
        var report = new DriftReport(Guid.NewGuid(), "line", Batches.Model, Guid.NewGuid(), Now.AddHours(-1), Now, Drift,
            [Signal("confidence", Drift), Signal("boxArea", Stable)], null, Now);
        return Diagnostician.Diagnose(Guid.NewGuid(), "line", Batches.Model,
            new DiagnosisFacts(report, Now.AddHours(-1), holdout, volume ?? new VolumeFact(100, 100, 2, 2, 50, 200)), new DiagnosisOptions(), Now);
    }

    [Fact]
    public void Diagnose_HoldoutOlderThanTheDrift_CountsAsUnknown() => Assert.Equal(DiagnosisAction.LabelFirst,
        Diagnose(new HoldoutFact(0.7, 0.6, 0.8, AtLock: 0.7, Now.AddHours(-2))).Action);

    [Fact]
    public void Diagnose_FreshHoldoutHolding_IsWatch() => Assert.Equal(DiagnosisAction.Watch,
        Diagnose(new HoldoutFact(0.695, 0.6, 0.8, AtLock: 0.7, Now.AddMinutes(-2))).Action);

    [Fact]
    public void Diagnose_FreshHoldoutTwoPointsDown_IsRetrainAndSaysWhetherItIsNoise()
    {
        var diagnosis = Diagnose(new HoldoutFact(0.65, 0.63, 0.67, AtLock: 0.7, Now.AddMinutes(-2)));
        Assert.Equal(DiagnosisAction.Retrain, diagnosis.Action);
        Assert.Contains("excludes noise", diagnosis.Evidence.Single(check => check.Name == "liveHoldoutMap").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnose_Always_CarriesEvidenceForEveryReading() => Assert.Equal(
        ["confidence", "boxArea", "liveHoldoutMap", "detectionsPerMinute", "detectionsPerRequest", "latencyP95"],
        Diagnose(null).Evidence.Select(check => check.Name));
}
