using Spectre.Console;

namespace RetrainLoop.Benchmarks;

/// <summary>One benchmark: compares things within one run, so that its ratios hold on any machine.</summary>
/// <param name="Question">What the table answers, one line.</param>
/// <param name="RunAsync">Measures and returns the table.</param>
public sealed record Benchmark(string Name, string Question, Func<CancellationToken, Task<BenchmarkTable>> RunAsync);

/// <summary>Every benchmark by name.</summary>
public static class Catalogue
{
    public static readonly IReadOnlyList<Benchmark> All =
    [
        new("drift-false-alarms", "How often does the drift rule fire in unchanged weeks, and how soon does it find a shift (1,000 simulated deployments)?",
            Drift.FalseAlarmBenchmark.RunAsync),
        new("drift-statistics", "How long do the two-sample and permutation tests take?", Drift.StatisticsBenchmark.RunAsync),
        new("drift-coco", "How much faster than pycocotools is the COCO score of 5,648 images (at least 15 times)?", Drift.CocoBenchmark.RunAsync),
        new("telemetry-ingest", "How many series-seconds a second does Monitor take, fold and roll up beside its PostgreSQL?", Monitor.IngestBenchmark.RunAsync),
        new("telemetry-query", "How long do charts of a deployment with 100 cameras take over 30 days against a day (at most 100 ms)?", Monitor.QueryBenchmark.RunAsync),
        new("alert-evaluation", "Which share of its 15 seconds does a round of alerts take for 20 deployments with 100 cameras each, by all default rules?",
            Monitor.EvaluationBenchmark.RunAsync),
        new("telemetry-storage", "How many bytes does a day of one camera take, and do they grow with its frames?", Monitor.StorageBenchmark.RunAsync),
        new("telemetry-box-size", "How many bytes of telemetry are widths by heights of boxes?", Monitor.BoxSizeBenchmark.RunAsync),
        new("inference-raw", "Share of raw ONNX Runtime sessions that the service keeps over HTTP (at least 0.9).",
            Inference.ThroughputBenchmarks.AgainstRawAsync),
        new("inference-peer", "The service against fastify + sharp + onnxruntime-node (at least 1.6 times, lower p95).",
            Inference.ThroughputBenchmarks.AgainstPeerAsync),
        new("inference-telemetry", "What telemetry costs (at most 1 %).", Inference.ThroughputBenchmarks.TelemetryCostAsync),
        new("inference-sampling", "What keeping every hundredth frame costs (at most 2 %).", Inference.ThroughputBenchmarks.SamplingCostAsync),
        new("inference-allocation", "Managed memory of a request, JPEG to JSON (under 50 KB, no large objects).",
            Inference.MemoryBenchmarks.AllocationAsync),
        new("inference-memory", "Resident memory over many requests (--requests 200000; flat).", Inference.MemoryBenchmarks.ResidentAsync),
        new("inference-batches", "Throughput of the model by batch size and kind of input.", Inference.BatchBenchmarks.RunAsync),
    ];

    public static async Task<int> RunAsync(string[] names)
    {
        var chosen = names is ["all"] ? All : All.Where(benchmark => names.Contains(benchmark.Name, StringComparer.OrdinalIgnoreCase)).ToList();
        if (chosen.Count == 0)
        {
            foreach (var benchmark in All) AnsiConsole.MarkupLineInterpolated($"[bold]{benchmark.Name}[/]  {benchmark.Question}");
            return names.Length == 0 ? 0 : 2;
        }
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) => { press.Cancel = true; stop.Cancel(); };
        foreach (var benchmark in chosen)
        {
            AnsiConsole.MarkupLineInterpolated($"[bold]{benchmark.Name}[/]: {benchmark.Question}");
            var table = await benchmark.RunAsync(stop.Token);
            Console.WriteLine(table.ToMarkdown());
            await table.SaveAsync(benchmark.Name, stop.Token);
        }
        return 0;
    }
}
