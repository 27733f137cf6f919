using RetrainLoop.Monitor.Diagnoses;
using RetrainLoop.Monitor.Evaluations;

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

    /// <summary>mAP against 0.7 at the lock.</summary>
    static HoldoutFact Holdout(double value, DateTimeOffset at, double half = 0.01)
    {
        HoldoutPoint Point(double map, DateTimeOffset when) => new(Guid.NewGuid(), when, Batches.Model, new DatasetRef("live", 1), map, map - 0.1, map + 0.1, 300, 900, []);
        var points = new[] { Point(0.7, Now.AddDays(-7)), Point(value, at) };
        var change = new HoldoutChange(points[0].Evaluation, points[1].Evaluation, value - 0.7, value - 0.7 - half, value - 0.7 + half, true, 300, value - 0.7 + half < 0);
        return new HoldoutFact(value, value - 0.1, value + 0.1, at, HoldoutTrend.Judge(points, TimeZoneInfo.Utc, points[0], change, null, 0.01));
    }

    [Fact]
    public void Diagnose_HoldoutOlderThanTheDrift_CountsAsUnknown() => Assert.Equal(DiagnosisAction.LabelFirst,
        Diagnose(Holdout(0.7, Now.AddHours(-2))).Action);

    [Fact]
    public void Diagnose_FreshHoldoutHolding_IsWatch() => Assert.Equal(DiagnosisAction.Watch,
        Diagnose(Holdout(0.695, Now.AddMinutes(-2))).Action);

    [Theory]
    [InlineData(0.01, DiagnosisAction.Retrain, "the interval excludes noise")]
    [InlineData(0.09, DiagnosisAction.LabelFirst, "the interval does not exclude noise")] // a fall that may be noise is not known
    public void Diagnose_FreshHoldoutFivePointsDown_FollowsTheIntervalOfTheChange(double half, DiagnosisAction expected, string says)
    {
        var diagnosis = Diagnose(Holdout(0.65, Now.AddMinutes(-2), half));
        Assert.Equal(expected, diagnosis.Action);
        Assert.Contains(says, diagnosis.Evidence.Single(check => check.Name == "liveHoldoutMap").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnose_Always_CarriesEvidenceForEveryReading() => Assert.Equal(
        ["confidence", "boxArea", "liveHoldoutMap", "detectionsPerMinute", "detectionsPerRequest", "latencyP95"],
        Diagnose(null).Evidence.Select(check => check.Name));
}
