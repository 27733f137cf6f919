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
        new("inference-raw", "Share of raw ONNX Runtime sessions that the service keeps over HTTP (at least 0.9).",
            Inference.ThroughputBenchmarks.AgainstRawAsync),
        new("inference-telemetry", "What telemetry costs (at most 1 %).", Inference.ThroughputBenchmarks.TelemetryCostAsync),
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
