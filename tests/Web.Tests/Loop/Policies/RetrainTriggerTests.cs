using RetrainLoop.Web.Loop.Policies;
using RetrainLoop.Web.Loop.Runs;

namespace RetrainLoop.Tests.Web.Loop.Policies;

public sealed class RetrainTriggerTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    static readonly ModelRef Champion = new("line", 3);

    [Theory]
    [InlineData(DiagnosisAction.Retrain, true)]
    [InlineData(DiagnosisAction.LabelFirst, true)]
    [InlineData(DiagnosisAction.Watch, false)]
    [InlineData(DiagnosisAction.Hardware, false)]
    public void Decide_DefaultPolicy_ActsOnRetrainAndLabelFirst(DiagnosisAction action, bool begin) =>
        Assert.Equal(begin, Decide(new RetrainPolicy { PersistHours = 0 }, action).Begin);

    [Fact]
    public void Decide_SignalsOfThePolicyDidNotMove_Refuses()
    {
        Assert.False(Decide(new RetrainPolicy { PersistHours = 0, Signals = ["boxArea"] }).Begin);
        Assert.True(Decide(new RetrainPolicy { PersistHours = 0, Signals = ["brightness", "confidence"] }).Begin);
        Assert.True(Decide(new RetrainPolicy { PersistHours = 0, Signals = [] }).Begin);
        Assert.False(Decide(new RetrainPolicy { PersistHours = 0 }, level: DriftLevel.KsOnly).Begin);
    }

    [Fact]
    public void Decide_FailedCheckOfTheDiagnosis_CountsAsASignal() =>
        Assert.True(
            Decide(new RetrainPolicy { PersistHours = 0, Signals = ["liveHoldout"] },
            evidence: [new Check("liveHoldout", Verdict.Failed, 0.5, 0.6, null, null, "fraction", "fell")]).Begin);

    [Fact]
    public void Decide_ModeOffOrAsk_IsKept()
    {
        Assert.False(Decide(new RetrainPolicy { PersistHours = 0, Mode = RetrainMode.Off }).Begin);
        Assert.True(Decide(new RetrainPolicy { PersistHours = 0, Mode = RetrainMode.Ask }) is { Begin: true, Ask: true });
    }

    [Fact]
    public void Decide_AboutAFormerChampion_Refuses() => Assert.False(Decide(new RetrainPolicy { PersistHours = 0 }, model: new ModelRef("line", 2)).Begin);

    [Theory]
    [InlineData(59, false)]
    [InlineData(61, true)]
    public void Decide_AfterAPass_WaitsForTheCooldown(int minutes, bool begin) =>
        Assert.Equal(begin, Decide(new RetrainPolicy { PersistHours = 0, CooldownMinutes = 60 }, lastFinished: Now.AddMinutes(-minutes)).Begin);

    [Theory]
    [InlineData(0, false)]
    [InlineData(19, false)]
    [InlineData(24, true)]
    public void Decide_DiagnosisIsNew_WaitsUntilItPersists(int hours, bool begin) =>
        Assert.Equal(begin, Decide(new RetrainPolicy(), unchangedSince: Now.AddHours(-hours)).Begin);

    static TriggerDecision Decide(
        RetrainPolicy policy, DiagnosisAction action = DiagnosisAction.Retrain, DriftLevel level = DriftLevel.Drift, ModelRef? model = null,
        IReadOnlyList<Check>? evidence = null, DateTimeOffset? lastFinished = null, LoopRun? active = null, DateTimeOffset? unchangedSince = null)
    {
        var drift = new DriftReport(
            Guid.NewGuid(), "line", Champion, Guid.NewGuid(), Now.AddHours(-1), Now, level,
            [new SignalDrift("confidence", level, 0.3, 1e-9, 0.4, 0.1, 1000, 300, 100, 1e-6, 0.8, 0.5, "")], null, Now);
        var diagnosis = new Diagnosis(Guid.NewGuid(), "line", model ?? Champion, action, "Confidence fell.", evidence ?? [], drift.Id, null, Now)
        {
            UnchangedSince = unchangedSince,
        };
        return RetrainTrigger.Decide(policy, diagnosis, drift, Champion, active, lastFinished, Now);
    }
}
