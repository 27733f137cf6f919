using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>Refuses a batch that could not be folded later: what is acknowledged must be usable.</summary>
public static class TelemetryBatchCheck
{
    public const long LastSecond = 253402300799; // the end of year 9999
    public const int MostBins = 100_000; // far more than any signal has
    public const long MostCounts = 1_000_000_000; // of anything in a second; sums over years stay within 64 bits

    /// <summary>What is wrong with a batch, in a sentence; null when nothing is.</summary>
    public static string? Refusal(TelemetryBatch batch)
    {
        if (string.IsNullOrWhiteSpace(batch.Replica)) return "A batch names its replica.";
        if (batch.Sequence < 1) return "sequence counts from 1 within a boot.";
        if (batch.Series is null) return "A batch has series; an empty array says that nothing happened up to the watermark.";
        return batch.Series.Select(Refusal).FirstOrDefault(reason => reason is not null);
    }

    static string? Refusal(SeriesSecond second)
    {
        if (second.Second is < 0 or > LastSecond) return $"second {second.Second} is no time in Unix seconds.";
        if (string.IsNullOrWhiteSpace(second.Deployment) || second.Model?.Name is null || second.Region is null || second.Camera is null)
            return "A series names its deployment, model, region and camera.";
        if (second.Outcomes is null || second.StageMs is null || second.Classes is null)
            return "A series has outcomes, stageMs and classes; empty ones are fine.";
        if (second.Outcomes.Values.Any(count => count is < 0 or > MostCounts)) return "Outcomes count requests of a second: none is negative or above 10^9.";
        if (second.Classes.Any(detected => string.IsNullOrEmpty(detected.Class) || detected.Count is < 0 or > MostCounts)) return "A class has a name and a count.";
        if (second.Classes.Any(detected => !(detected.ConfidenceSum >= 0 && detected.ConfidenceSum <= detected.Count * 1.001 && detected.ConfidenceSumOfSquares >= 0
            && detected.ConfidenceSumOfSquares <= detected.Count * 1.001))) return "A class's sums are of confidences in [0, 1].";
        if (second.Classes.Any(detected => detected.BoxSize?.Bins?.Any(cell => cell >= SignalBins.BoxSize.Count) == true))
            return $"boxSize has cells from 0 to {SignalBins.BoxSize.Count - 1}, row by row.";
        return Histograms(second).All(IsWellFormed) ? null : "A histogram has bins that ascend from 0 to 99,999 and as many counts, none negative.";
    }

    static IEnumerable<SparseHistogram?> Histograms(SeriesSecond second) => second.StageMs.Values
        .Concat(second.Classes.SelectMany(detected => new[] { detected.Confidence, detected.Area, detected.Width, detected.Height, detected.BoxSize }))
        .Append(second.DetectionsPerRequest).Append(second.Brightness).Append(second.Sharpness);

    static bool IsWellFormed(SparseHistogram? histogram) => histogram is null
        || (histogram.Bins is { } bins && histogram.Counts is { } counts && bins.Count == counts.Count
            && bins.All(bin => bin is >= 0 and < MostBins) && bins.Zip(bins.Skip(1)).All(pair => pair.First < pair.Second) && counts.All(count => count is >= 0 and <= MostCounts));
}
