namespace RetrainLoop.Benchmarks.Inference;

/// <summary>The service over HTTP against what it could be at most, and against itself without a part of it.</summary>
static class ThroughputBenchmarks
{
    const string Ratio = "0.000";

    /// <summary>Clients for two cores; more cores get more.</summary>
    static int Clients => Math.Max(4, 2 * Environment.ProcessorCount);

    public static async Task<BenchmarkTable> AgainstRawAsync(CancellationToken cancellationToken)
    {
        var table = new BenchmarkTable("model", "service req/s", "raw img/s", "throughput ratio", "service CPU ms", "raw CPU ms", "CPU ratio",
            "p50 ms", "p95 ms", "failures");
        await using var backing = await Backing.StartAsync(cancellationToken);
        foreach (var (model, size) in BenchFiles.Models)
        {
            await using var served = await ServedModel.StartAsync(backing, BenchFiles.Model(model), cancellationToken);
            using var raw = new RawSessions(BenchFiles.Model(model), Environment.ProcessorCount);
            var load = served.Load(Clients);
            var pairs = Pairs.Run(BenchArguments.Rounds, () => load.For(BenchArguments.Round, served.Cpu), () => raw.For(BenchArguments.Round));
            table.Add($"{model}", Pairs.Of(pairs.First, round => round.PerSecond, "0.0"), Pairs.Of(pairs.Second, round => round.PerSecond, "0.0"),
                pairs.Ratio(round => round.PerSecond).ToString(Ratio), Pairs.Of(pairs.First, round => round.CpuMs, "0.00"),
                Pairs.Of(pairs.Second, round => round.CpuMs, "0.00"), (1 / pairs.Ratio(round => round.CpuMs)).ToString(Ratio),
                Pairs.Of(pairs.First, round => round.Percentile(0.5), "0.0"), Pairs.Of(pairs.First, round => round.Percentile(0.95), "0.0"),
                pairs.Failures);
        }
        return table;
    }

    /// <summary>What a user could write in an afternoon instead, on Node.js.</summary>
    public static async Task<BenchmarkTable> AgainstPeerAsync(CancellationToken cancellationToken)
    {
        var table = new BenchmarkTable("model", "service req/s", "peer req/s", "throughput ratio", "service p95 ms", "peer p95 ms", "p95 ratio",
            "service CPU ms", "peer CPU ms", "failures");
        using var installed = await NodePeer.InstallAsync(cancellationToken);
        await using var backing = await Backing.StartAsync(cancellationToken);
        foreach (var (model, size) in BenchFiles.Models)
        {
            await using var served = await ServedModel.StartAsync(backing, BenchFiles.Model(model), cancellationToken);
            using var peer = await installed.StartAsync(BenchFiles.Model(model), size, cancellationToken);
            Load load = served.Load(Clients), peerLoad = peer.Load(Clients);
            var pairs = Pairs.Run(BenchArguments.Rounds, () => load.For(BenchArguments.Round, served.Cpu),
                () => peerLoad.For(BenchArguments.Round, peer.Cpu));
            table.Add(model, Pairs.Of(pairs.First, round => round.PerSecond, "0.0"), Pairs.Of(pairs.Second, round => round.PerSecond, "0.0"),
                pairs.Ratio(round => round.PerSecond).ToString(Ratio), Pairs.Of(pairs.First, round => round.Percentile(0.95), "0.0"),
                Pairs.Of(pairs.Second, round => round.Percentile(0.95), "0.0"), pairs.Ratio(round => round.Percentile(0.95)).ToString(Ratio),
                Pairs.Of(pairs.First, round => round.CpuMs, "0.00"), Pairs.Of(pairs.Second, round => round.CpuMs, "0.00"), pairs.Failures);
        }
        return table;
    }

    public static Task<BenchmarkTable> TelemetryCostAsync(CancellationToken cancellationToken) => CostAsync("telemetry",
        model => Task.CompletedTask, ("Telemetry:Enabled", "false"), cancellationToken);

    /// <summary>Every hundredth frame is kept: its bytes in the blob store, its row in PostgreSQL, both on this machine.</summary>
    public static Task<BenchmarkTable> SamplingCostAsync(CancellationToken cancellationToken) => CostAsync("sampling",
        async served =>
        {
            const double share = 0.01, secondsOfHour = 3600;
            var rate = served.Load(Clients).For(BenchArguments.Round, served.Cpu).PerSecond;
            await served.SampleAsync(share * rate * secondsOfHour, cancellationToken);
        }, ("Telemetry:Enabled", "true"), cancellationToken);

    static async Task<BenchmarkTable> CostAsync(
        string part, Func<ServedModel, Task> switchOn, (string, string) without, CancellationToken cancellationToken)
    {
        var table = new BenchmarkTable("model", $"req/s with {part}", "req/s without", "throughput ratio", "CPU ms with", "CPU ms without",
            "CPU ratio", "frames kept");
        await using var backing = await Backing.StartAsync(cancellationToken);
        foreach (var (model, _) in BenchFiles.Models)
        {
            await using var served = await ServedModel.StartAsync(backing, BenchFiles.Model(model), cancellationToken);
            await using var bare = await ServedModel.StartAsync(backing, BenchFiles.Model(model), cancellationToken, without);
            await served.SampleAsync(0, cancellationToken);
            await bare.SampleAsync(0, cancellationToken);
            await switchOn(served);
            Load load = served.Load(Clients), bareLoad = bare.Load(Clients);
            var pairs = Pairs.Run(BenchArguments.Rounds, () => load.For(BenchArguments.Round, served.Cpu),
                () => bareLoad.For(BenchArguments.Round, bare.Cpu));
            table.Add(model, Pairs.Of(pairs.First, round => round.PerSecond, "0.0"), Pairs.Of(pairs.Second, round => round.PerSecond, "0.0"),
                pairs.Ratio(round => round.PerSecond).ToString(Ratio), Pairs.Of(pairs.First, round => round.CpuMs, "0.00"),
                Pairs.Of(pairs.Second, round => round.CpuMs, "0.00"), (1 / pairs.Ratio(round => round.CpuMs)).ToString(Ratio),
                await served.FramesKeptAsync(cancellationToken));
        }
        return table;
    }
}
