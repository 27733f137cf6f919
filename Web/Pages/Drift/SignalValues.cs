namespace RetrainLoop.Web.Pages.Drift;

/// <summary>A signal's values in a sampled frame, in the units of the distributions. Pure.</summary>
public static class SignalValues
{
    /// <summary>Per detection for signals of detections; one value for signals of frames.</summary>
    public static IReadOnlyList<double> Of(string signal, SampledFrame frame) => signal switch
    {
        "confidence" => [.. frame.Detections.Select(seen => (double)seen.Confidence)],
        "boxArea" => [.. frame.Detections.Select(seen => (double)seen.Width * seen.Height / ((double)frame.Width * frame.Height))],
        "boxWidth" => [.. frame.Detections.Select(seen => (double)seen.Width / frame.Width)],
        "boxHeight" => [.. frame.Detections.Select(seen => (double)seen.Height / frame.Height)],
        "detectionsPerRequest" => [frame.Detections.Count],
        "brightness" => [frame.Statistics.Brightness],
        "sharpness" => [frame.Statistics.Sharpness],
        _ => [],
    };

    /// <summary>Whether each detection belongs to what is looked at; all do when the signal is one of frames, or no bin was chosen.</summary>
    public static IReadOnlyList<bool> Belongs(string signal, SampledFrame frame, (double Low, double High)? bin, string? className)
    {
        var values = Of(signal, frame);
        return [.. frame.Detections.Select((seen, index) =>
            (className is null || seen.Name == className)
            && (bin is not { } range || values.Count != frame.Detections.Count || IsIn(values[index], range)))];
    }

    /// <summary>Whether the frame has anything of what is looked at.</summary>
    public static bool Matches(string signal, SampledFrame frame, (double Low, double High)? bin, string? className)
    {
        if (className is not null && frame.Detections.All(seen => seen.Name != className)) return false;
        if (bin is not { } range) return true;
        var values = Of(signal, frame);
        return values.Count == frame.Detections.Count && values.Count != 1
            ? Belongs(signal, frame, bin, className).Contains(true)
            : values.Any(value => IsIn(value, range));
    }

    static bool IsIn(double value, (double Low, double High) range) => value >= range.Low && value < range.High;
}
