namespace RetrainLoop.Web.Pages;

/// <summary>Signals of drift in words.</summary>
static class SignalNames
{
    public static string Of(string signal) => signal switch
    {
        "confidence" => "confidence",
        "boxArea" => "box area",
        "boxWidth" => "box width",
        "boxHeight" => "box height",
        "detectionsPerRequest" => "detections per frame",
        "classMix" => "class mix",
        "embeddingDistance" => "embedding distance",
        _ => signal,
    };
}
