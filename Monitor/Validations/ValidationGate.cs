using System.Globalization;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Validations;

/// <summary>
/// Whether a candidate may replace the champion. Both point estimates must be up, the recent interval must exclude 0, the holdout interval must
/// exclude a loss of one point; strict demands that both exclude 0. Pure.
/// </summary>
public static class ValidationGate
{
    public static Judgement Judge(PairedResult lockedHoldout, PairedResult recent, bool strict, ValidationOptions options)
    {
        List<Check> evidence =
        [
            CheckOne("lockedHoldout", lockedHoldout, strict ? 0 : -options.ToleratedLoss, options),
            CheckOne("recent", recent, 0, options),
        ];
        var verdict = Worst(evidence);
        return new Judgement(verdict, verdict == Verdict.Passed
            ? "The candidate is better on the locked holdout and on recent frames."
            : string.Join(" ", evidence.Where(check => check.Verdict != Verdict.Passed).Select(check => check.Detail)), evidence);
    }

    static Check CheckOne(string name, PairedResult result, double excluded, ValidationOptions options)
    {
        var (verdict, detail) = JudgeOne(result, excluded, options);
        return new Check(name, verdict, result.Difference, excluded, result.Low, result.High, "mAP", detail);
    }

    static (Verdict Verdict, string Detail) JudgeOne(PairedResult result, double excluded, ValidationOptions options)
    {
        var interval = Text($"{Points(result.Difference)} points [{Points(result.Low)}, {Points(result.High)}] on {result.Dataset}");
        if (result.Candidate < 0 || result.Champion < 0) return (Verdict.Error, $"{result.Dataset} holds no labelled object, so no mAP can be computed on it.");
        if (result.Images < options.MinimumImages)
            return (Verdict.Inconclusive, Text($"{result.Dataset} holds {result.Images} images; {options.MinimumImages} are needed."));
        if (result.Difference <= 0) return (Verdict.Failed, $"The candidate is not better: {interval}.");
        return result.Low > excluded
            ? (Verdict.Passed, $"Better: {interval}.")
            : (Verdict.Inconclusive, excluded < 0
                ? Text($"Better, but the interval does not exclude a loss of {-excluded * 100:0.##} points: {interval}.")
                : $"Better, but the interval does not exclude 0: {interval}.");
    }

    /// <summary>Error before Failed before Inconclusive: one failed dataset is enough, and nothing is concluded from what could not be judged.</summary>
    static Verdict Worst(IEnumerable<Check> checks) => checks.Select(check => check.Verdict)
        .MinBy(verdict => verdict switch { Verdict.Error => 0, Verdict.Failed => 1, Verdict.Inconclusive => 2, _ => 3 });

    static string Points(double fraction) => (fraction * 100).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
