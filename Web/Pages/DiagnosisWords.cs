namespace RetrainLoop.Web.Pages;

/// <summary>What a diagnosis asks for, in words and as a state class of the style sheet.</summary>
static class DiagnosisWords
{
    public static string Of(DiagnosisAction action) => action switch
    {
        DiagnosisAction.LabelFirst => "Label first",
        DiagnosisAction.InvestigateCamera => "Investigate the camera",
        DiagnosisAction.Hardware => "Check hardware",
        _ => action.ToString(),
    };

    /// <summary>The state class of the style sheet.</summary>
    public static string Look(DiagnosisAction action) => action switch
    {
        DiagnosisAction.Healthy => "state-good",
        DiagnosisAction.Inconclusive => "state-idle",
        DiagnosisAction.Watch or DiagnosisAction.LabelFirst => "state-warn",
        _ => "state-bad",
    };
}
