namespace RetrainLoop.Monitor.Evaluations;

/// <summary>What a detection counts as at one IoU threshold and area range.</summary>
enum MatchOutcome : byte { Ignored, TruePositive, FalsePositive }

/// <summary>
/// One class over all images, matched: detections in falling order of score (input order where equal), at most 100 per image, and how many
/// objects each image holds. Everything that precision, recall and their bootstrap need.
/// </summary>
/// <param name="Image">Image index per detection.</param>
/// <param name="Score">Confidence per detection.</param>
/// <param name="Rank">Place of the detection among its image's, from 0.</param>
/// <param name="Outcomes">Per area range: outcome at [threshold * detections + detection].</param>
/// <param name="Objects">Per area range: objects that count, per image index.</param>
sealed record CategoryMatches(int CategoryId, string Name, int[] Image, double[] Score, byte[] Rank, MatchOutcome[][] Outcomes, int[][] Objects)
{
    public int Detections => Image.Length;

    /// <summary>Objects that count; <paramref name="draws"/> weighs images, empty = each once.</summary>
    public long Positives(int area, ReadOnlySpan<int> draws = default)
    {
        long sum = 0;
        var objects = Objects[area];
        if (draws.IsEmpty)
            foreach (var count in objects) sum += count;
        else
            for (var i = 0; i < objects.Length; i++) sum += (long)objects[i] * draws[i];
        return sum;
    }

    /// <summary>Share of objects found with the best <paramref name="perImage"/> detections of each image; -1 without objects.</summary>
    public double Recall(int area, int threshold, int perImage)
    {
        var positives = Positives(area);
        if (positives == 0) return -1;
        var found = 0;
        var outcomes = OutcomesAt(area, threshold);
        for (var i = 0; i < outcomes.Length; i++)
            if (outcomes[i] == MatchOutcome.TruePositive && Rank[i] < perImage) found++;
        return (double)found / positives;
    }

    /// <summary>
    /// Precision interpolated at 101 recalls and averaged; -1 without objects. An image drawn w times counts its detections and objects w times.
    /// </summary>
    public double AveragePrecision(int area, int threshold, ReadOnlySpan<int> draws = default)
    {
        var positives = Positives(area, draws);
        return positives == 0 ? -1 : PrecisionCurve.Average(OutcomesAt(area, threshold), Image, draws, positives);
    }

    /// <summary>Outcomes in falling order of score.</summary>
    public ReadOnlySpan<MatchOutcome> OutcomesAt(int area, int threshold) => Outcomes[area].AsSpan(threshold * Detections, Detections);
}
