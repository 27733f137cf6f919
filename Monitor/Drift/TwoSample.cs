using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Statistics;
using RetrainLoop.ServiceDefaults;

namespace RetrainLoop.Monitor.Drift;

/// <summary>The stateless comparison of two samples. PSI and Jensen-Shannon are taken over the deciles of <c>a</c>.</summary>
static class TwoSample
{
    public const long LargestBody = 200L * 1024 * 1024;

    public static Results<Ok<TwoSampleResult>, ProblemHttpResult> Compare(TwoSampleRequest request)
    {
        if (request.A is not { Count: > 0 } || request.B is not { Count: > 0 }) return Problem.Unprocessable("a and b each need at least one number.");
        if (!Enum.TryParse<KsMethod>(request.Method, ignoreCase: true, out var method) || !Enum.IsDefined(method))
            return Problem.BadRequest($"method is auto, exact or asymptotic, not '{request.Method}'.");
        double[] a = [.. request.A], b = [.. request.B];
        if (a.Concat(b).Any(value => !double.IsFinite(value))) return Problem.Unprocessable("a and b hold finite numbers only.");
        Array.Sort(a);
        Array.Sort(b);
        var edges = Cells.QuantileEdges(a);
        var (countsA, countsB) = (Cells.Count(a, edges), Cells.Count(b, edges));
        return TypedResults.Ok(new TwoSampleResult(KolmogorovSmirnov.TestSorted(a, b, method), PopulationStability.Index(countsA, countsB),
            Wasserstein.Distance(a, b), JensenShannon.Distance(countsA, countsB), a.Length, b.Length));
    }
}
