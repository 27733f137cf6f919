using System.Globalization;
using RetrainLoop.Tests.Monitor.Drift;

namespace RetrainLoop.Benchmarks.Drift;

/// <summary>The drift rule on simulated deployments, many of them.</summary>
static class FalseAlarmBenchmark
{
    const int Deployments = 1000;

    public static Task<BenchmarkTable> RunAsync(CancellationToken cancellationToken)
    {
        var table = new BenchmarkTable("variances", "traffic", "window", "plain KS p < 0.01", "permutation p", "decision", "mean distance", "mean effective n");
        foreach (var variance in new[] { 1.0, 2.0 })
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var row in FalseAlarmStudy.Run(Count(), variance, daily: true))
                table.Add($"x {variance}", row.Traffic, row.Window, Percent(row.PlainKs), Percent(row.Permutation), Percent(row.Decision),
                    row.MeanDistance.ToString("F3", CultureInfo.InvariantCulture), Math.Round(row.MeanEffectiveSize));
        }
        return Task.FromResult(table);
    }

    /// <summary><c>DRIFT_DEPLOYMENTS=50</c> for a quick look.</summary>
    static int Count() => int.TryParse(Environment.GetEnvironmentVariable("DRIFT_DEPLOYMENTS"), CultureInfo.InvariantCulture, out var count) ? count : Deployments;

    static string Percent(double share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);
}
