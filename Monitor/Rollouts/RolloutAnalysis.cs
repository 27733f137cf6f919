using System.Globalization;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Monitor.Rollouts;

/// <summary>Compares a candidate with the champion over a step of a rollout. Pure.</summary>
public static class RolloutAnalysis
{
    /// <param name="minimumRequests">The least requests on either side for a verdict.</param>
    public static Judgement Judge(SeriesSketch candidate, SeriesSketch champion, int minimumRequests, double latencyBudgetMs, RolloutAnalysisOptions options)
    {
        var sample = Sample(candidate, champion, minimumRequests);
        Check[] harm = [Errors(candidate, champion, options), Latency(candidate, champion, latencyBudgetMs, options),
            DetectionRate(candidate, champion, options), Confidence(candidate, champion, options)];
        Check[] evidence = [sample, .. harm];
        var failed = harm.Where(check => check.Verdict == Verdict.Failed).ToList();
        if (sample.Verdict != Verdict.Passed) return new Judgement(Verdict.Inconclusive, sample.Detail, evidence);
        if (failed.Count > 0) return new Judgement(Verdict.Failed, string.Join(" ", failed.Select(check => check.Detail)), evidence);
        return new Judgement(Verdict.Passed, Text($"No harm in {candidate.Requests} requests against the champion's {champion.Requests}."), evidence);
    }

    static Check Sample(SeriesSketch candidate, SeriesSketch champion, int minimum)
    {
        var least = Math.Min(candidate.Requests, champion.Requests);
        var enough = candidate.Requests >= Math.Max(1, minimum) && champion.Requests >= Math.Max(1, minimum);
        return new Check("sample", enough ? Verdict.Passed : Verdict.Inconclusive, least, minimum, null, null, "requests",
            Text($"The candidate served {candidate.Requests} requests and the champion {champion.Requests}; {minimum} of each are needed."));
    }

    static Check Errors(SeriesSketch candidate, SeriesSketch champion, RolloutAnalysisOptions options)
    {
        double now = candidate.ErrorRate ?? 0, before = champion.ErrorRate ?? 0;
        var p = TwoProportions.PValueOfIncrease(candidate.Errors, candidate.Requests, champion.Errors, champion.Requests);
        var harmful = now - before > options.ErrorRateIncrease && p < options.Significance;
        return new Check("errorRate", harmful ? Verdict.Failed : Verdict.Passed, now, before, null, null, "fraction",
            Text($"Error rate {now:0.00 %} against {before:0.00 %} (p = {p:0.###})."));
    }

    static Check Latency(SeriesSketch candidate, SeriesSketch champion, double budgetMs, RolloutAnalysisOptions options)
    {
        if (candidate.LatencyQuantile(0.95) is not { } now || champion.LatencyQuantile(0.95) is not { } before)
            return Nothing("latencyP95", "ms", "One side measured no latency.");
        var harmful = now > budgetMs && now > before * options.LatencyRatio;
        return new Check("latencyP95", harmful ? Verdict.Failed : Verdict.Passed, now, before, null, null, "ms",
            Text($"p95 latency {now:0.#} ms against {before:0.#} ms, budget {budgetMs:0.#} ms."));
    }

    static Check DetectionRate(SeriesSketch candidate, SeriesSketch champion, RolloutAnalysisOptions options)
    {
        var (now, before) = (Moments.OfCounts(candidate.DetectionsPerRequest.ToSparse()), Moments.OfCounts(champion.DetectionsPerRequest.ToSparse()));
        if (now.Count == 0 || before.Count == 0) return Nothing("detectionRate", "1/request", "One side answered nothing.");
        var p = Moments.PValueOfFall(now, before);
        var harmful = now.Mean < before.Mean * (1 - options.DetectionRateDrop) && p < options.Significance;
        return new Check("detectionRate", harmful ? Verdict.Failed : Verdict.Passed, now.Mean, before.Mean, null, null, "1/request",
            Text($"{now.Mean:0.##} detections per request against {before.Mean:0.##} (p of a fall {p:0.###})."));
    }

    static Check Confidence(SeriesSketch candidate, SeriesSketch champion, RolloutAnalysisOptions options)
    {
        var (now, before) = (Moments.OfConfidence(candidate), Moments.OfConfidence(champion));
        if (now.Count == 0 || before.Count == 0) return Nothing("meanConfidence", "confidence", "One side detected nothing.");
        var p = Moments.PValueOfFall(now, before);
        var harmful = before.Mean - now.Mean > options.ConfidenceDrop && p < options.Significance;
        return new Check("meanConfidence", harmful ? Verdict.Failed : Verdict.Passed, now.Mean, before.Mean, null, null, "confidence",
            Text($"Mean confidence {now.Mean:0.###} against {before.Mean:0.###} (p of a fall {p:0.###})."));
    }

    static Check Nothing(string name, string unit, string detail) => new(name, Verdict.Inconclusive, null, null, null, null, unit, detail);

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
