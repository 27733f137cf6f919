using RetrainLoop.Web.Loop.Runs;

namespace RetrainLoop.Web.Pages.Loop;

/// <summary>Stages of a pass in words.</summary>
public static class StageWords
{
    public static string Title(LoopRunStage stage) => stage switch
    {
        LoopRunStage.WaitingForPerson => "Waits for a person",
        LoopRunStage.Sampling => "Sample frames",
        LoopRunStage.Annotating => "Annotate",
        LoopRunStage.Freezing => "Freeze dataset",
        LoopRunStage.Training => "Train",
        LoopRunStage.Registering => "Register candidate",
        LoopRunStage.Validating => "Validate",
        LoopRunStage.RollingOut => "Roll out",
        LoopRunStage.LockingBaseline => "Lock baseline",
        _ => stage.ToString(),
    };

    /// <summary>What happens there, for a stage that is still ahead.</summary>
    public static string Ahead(LoopRunStage stage) => stage switch
    {
        LoopRunStage.Sampling => "Production frames that carry the drift, and random ones",
        LoopRunStage.Annotating => "People check the model's boxes, most uncertain frames first",
        LoopRunStage.Freezing => "Accepted frames become a dataset version and a recent set",
        LoopRunStage.Training => "From the champion's checkpoint, with replay of older frames",
        LoopRunStage.Registering => "The best checkpoint becomes a model version",
        LoopRunStage.Validating => "Candidate against champion on the locked holdout and on recent frames",
        LoopRunStage.RollingOut => "Shadow first, then growing shares of traffic",
        LoopRunStage.LockingBaseline => "A new reference for drift; the locked holdout grows",
        _ => "",
    };

    /// <summary>Class of the state's look, see app.css.</summary>
    public static string Look(LoopRunStage stage) => stage switch
    {
        LoopRunStage.Completed => "state-good",
        LoopRunStage.Failed => "state-bad",
        LoopRunStage.Cancelled => "state-idle",
        LoopRunStage.WaitingForPerson => "state-warn",
        _ => "state-busy",
    };
}
