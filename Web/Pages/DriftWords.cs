namespace RetrainLoop.Web.Pages;

/// <summary>What a drift report says, in words and as a state class of the style sheet.</summary>
static class DriftWords
{
    public static string Of(DriftLevel level) => level switch
    {
        DriftLevel.Stable => "No drift",
        DriftLevel.Drift => "Drift",
        DriftLevel.KsOnly => "KS only",
        _ => "Drift inconclusive",
    };

    public static string Look(DriftLevel level) => level switch
    {
        DriftLevel.Stable => "state-good",
        DriftLevel.Drift => "state-warn",
        _ => "state-idle",
    };
}
