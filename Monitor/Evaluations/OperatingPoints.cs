using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>Precision, recall and F1 over confidence thresholds, at IoU 0.50.</summary>
static class OperatingPoints
{
    /// <summary>The threshold of highest F1 = 2 TP / (2 TP + FP + FN) over all these classes; the highest such threshold of equals. Null without objects or hits.</summary>
    public static OperatingPoint? Best(IReadOnlyList<CategoryMatches> categories)
    {
        var positives = categories.Sum(category => category.Positives(CocoProtocol.All));
        if (positives == 0) return null;
        OperatingPoint? best = null;
        long right = 0, wrong = 0;
        var steps = Steps(categories);
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Right) right++;
            else wrong++;
            if (i + 1 < steps.Count && steps[i + 1].Score == steps[i].Score) continue; // a threshold cannot part equal scores
            var f1 = 2.0 * right / (right + wrong + positives);
            if (right > 0 && f1 > (best?.F1 ?? 0)) best = new OperatingPoint(steps[i].Score, f1, (double)right / (right + wrong), (double)right / positives);
        }
        return best;
    }

    /// <summary>Everything that counts as right or wrong, in falling order of score.</summary>
    static List<(double Score, bool Right)> Steps(IReadOnlyList<CategoryMatches> categories)
    {
        var steps = new List<(double Score, bool Right)>();
        foreach (var category in categories)
        {
            var outcomes = category.OutcomesAt(CocoProtocol.All, CocoProtocol.Iou50);
            for (var i = 0; i < outcomes.Length; i++)
                if (outcomes[i] != MatchOutcome.Ignored) steps.Add((category.Score[i], outcomes[i] == MatchOutcome.TruePositive));
        }
        if (categories.Count > 1) steps.Sort((a, b) => b.Score.CompareTo(a.Score));
        return steps;
    }
}
