using RetrainLoop.Web.Loop.Policies;
using RetrainLoop.Web.Pages.Diagnoses;

namespace RetrainLoop.Tests.Web.Pages;

public sealed class PolicyFormTests
{
    [Fact]
    public void ToPolicy_Untouched_SaysTheSameInFull()
    {
        var policy = new RetrainPolicy { StrictGate = true, CooldownMinutes = 90, Hyperparameters = new Hyperparameters(Epochs: 7) };
        var written = new PolicyForm(policy).ToPolicy();
        Assert.Equal([DiagnosisAction.LabelFirst, DiagnosisAction.Retrain], written.Actions!);
        Assert.Equal(["confidence", "boxArea"], written.Signals!);
        Assert.Equal(policy with { Actions = written.Actions, Signals = written.Signals }, written);
    }

    [Fact]
    public void ToPolicy_Changes_AreTaken()
    {
        var form = new PolicyForm(new RetrainPolicy()) { Mode = RetrainMode.Ask, PersistHours = 6 };
        PolicyForm.Toggle(form.Actions, DiagnosisAction.LabelFirst, false);
        PolicyForm.Toggle(form.Signals, "sharpness", true);
        var written = form.ToPolicy();
        Assert.Equal((RetrainMode.Ask, 6.0), (written.Mode, written.PersistHours));
        Assert.Equal([DiagnosisAction.Retrain], written.Actions!);
        Assert.Equal(["confidence", "boxArea", "sharpness"], written.Signals!);
        Assert.Null(written.Refusal());
    }
}
