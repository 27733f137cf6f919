namespace RetrainLoop.Web.Pages.Label;

/// <summary>Why a frame was kept, in words.</summary>
static class SampleWords
{
    public static string Of(SampleReason reason) => reason switch
    {
        SampleReason.ConfidenceBand => "unsure detection",
        SampleReason.EmptyFrame => "nothing detected",
        SampleReason.LowMargin => "torn between two classes",
        SampleReason.Class => "wanted class",
        SampleReason.DriftScore => "carries the drift",
        SampleReason.EmbeddingOnly => "random, for drift only",
        _ => "random",
    };
}
