namespace RetrainLoop.Web.Pages.Drift;

/// <summary>How a signal's values are shown.</summary>
/// <param name="Across">Name and unit of its axis.</param>
/// <param name="Unit">Unit of a mean.</param>
/// <param name="Factor">From the unit of the wire to the one shown.</param>
/// <param name="Log">Its sizes spread over orders of magnitude.</param>
/// <param name="Things">What is counted.</param>
/// <param name="Meaning">What a shift of it usually means, in a sentence.</param>
public sealed record SignalScale(string Title, string Across, string Unit, double Factor, bool Log, string Things, string Meaning)
{
    const string OfImage = "% of the image";

    public static SignalScale Of(string signal) => signal switch
    {
        "confidence" => new("Confidence", "confidence, 0 to 1", "", 1, false, "detections", "How sure the model is of each detection. It falls when scenes or parts look unlike the training set."),
        "boxArea" => new("Box area", "box area, % of the image's area", "% of the image's area", 100, true, "detections", "How large objects appear. It shifts when a camera was moved or zoomed, or when other things pass by."),
        "boxWidth" => new("Box width", $"box width, {OfImage}'s width", $"{OfImage}'s width", 100, true, "detections", "Like box area, in one direction."),
        "boxHeight" => new("Box height", $"box height, {OfImage}'s height", $"{OfImage}'s height", 100, true, "detections", "Like box area, in one direction."),
        "classMix" => new("Class mix", "class", "", 1, false, "detections", "Which classes are seen how often. It shifts with the product mix, or when one class is taken for another."),
        "detectionsPerRequest" => new("Detections per frame", "detections per frame", "per frame", 1, false, "frames", "How much is seen in a frame. It falls when a camera looks elsewhere, the line is quiet, or objects are missed."),
        "brightness" => new("Brightness", "mean luma, 0 to 255", "luma", 1, false, "frames", "How light frames are. It tells a change of lighting or exposure apart from a change of objects."),
        "sharpness" => new("Sharpness", "variance of the Laplacian of luma", "", 1, true, "frames", "How crisp frames are. It falls with dirt, fog, a lost focus or stronger compression."),
        "embeddingDistance" => new("Embedding distance", "cosine distance to the camera's mean in the baseline, 0 = alike", "", 1, true, "sampled frames", "How unlike the baseline frames look to the model itself. It rises with scenes, products or lighting that no other signal has a number for; measured on random frames only."),
        _ => new(signal, signal, "", 1, false, "values", ""),
    };

    /// <summary>The unit where there is little room.</summary>
    public string ShortUnit => Unit.StartsWith('%') ? "%" : Unit;

    /// <summary>A value of the signal as it is shown, or a difference of two.</summary>
    public string Text(double value) => Charts.Figure.Digits(value * Factor);
}
