namespace RetrainLoop.Web.Pages;

/// <summary>What a diagnosis asks for, in words.</summary>
static class DiagnosisWords
{
    public static string Of(DiagnosisAction action) => action switch
    {
        DiagnosisAction.LabelFirst => "Label first",
        DiagnosisAction.InvestigateCamera => "Investigate the camera",
        DiagnosisAction.Hardware => "Check hardware",
        _ => action.ToString(),
    };
}
