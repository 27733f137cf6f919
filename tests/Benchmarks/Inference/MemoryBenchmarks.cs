using System.Globalization;
using System.Net.Http.Headers;
using Service = RetrainLoop.Tests.Testing.ServiceUnderTest<RetrainLoop.Inference.Execution.ExecutionOptions>;

namespace RetrainLoop.Benchmarks.Inference;

/// <summary>What requests leave behind.</summary>
static class MemoryBenchmarks
{
    /// <summary>Managed bytes from the received JPEG to the sent JSON, with the real server in this process.</summary>
    public static async Task<BenchmarkTable> AllocationAsync(CancellationToken cancellationToken)
    {
        const int warmUp = 500, clients = 4;
        var requests = (int)BenchArguments.Number("requests", 2000);
        var table = new BenchmarkTable("model", "requests", "KB per request", "large objects", "generation 2 collections");
        await using var backing = await Backing.StartAsync(cancellationToken);
        foreach (var (model, _) in BenchFiles.Models)
        {
            await using var service = new Service(await backing.SettingsAsync());
            service.UseKestrel(0);
            service.StartServer();
            var address = service.ClientOptions.BaseAddress;
            using var client = new HttpClient { BaseAddress = address };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Service.ServiceToken);
            await ServedModel.DeployAsync(client, BenchFiles.Model(model), process: null, cancellationToken);
            var target = new Uri(address, "/v1/deployments/bench/predict");
            var load = new Load(target, HttpConnection.Prepare(target, BenchFiles.Frame, Service.ServiceToken), clients);
            load.Count(warmUp, () => TimeSpan.Zero);
            using var large = new LargeObjects();
            var (before, collections) = (GC.GetTotalAllocatedBytes(precise: true), GC.CollectionCount(2));
            var result = load.Count(requests, () => TimeSpan.Zero);
            var bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
            table.Add(model, result.Requests, (bytes / 1024.0 / result.Requests).ToString("0.0", CultureInfo.InvariantCulture), large.Count,
                GC.CollectionCount(2) - collections);
        }
        return table;
    }

    /// <summary>Resident memory of the service's process over many requests (<c>--requests 200000</c>).</summary>
    public static async Task<BenchmarkTable> ResidentAsync(CancellationToken cancellationToken)
    {
        const int slices = 10, clients = 4;
        var requests = (int)BenchArguments.Number("requests", 20_000);
        var table = new BenchmarkTable("requests", "resident MB", "against the first tenth", "failures");
        await using var backing = await Backing.StartAsync(cancellationToken);
        var model = BenchFiles.Models.First().Name;
        await using var served = await ServedModel.StartAsync(backing, BenchFiles.Model(model), cancellationToken);
        var load = served.Load(clients);
        var first = 0L;
        for (var slice = 1; slice <= slices; slice++)
        {
            var result = load.Count(requests / slices, served.Cpu);
            var resident = served.ResidentBytes();
            if (slice == 1) first = resident;
            table.Add(slice * (requests / slices), resident / 1_000_000, ((double)resident / first).ToString("0.000", CultureInfo.InvariantCulture),
                result.Failures);
        }
        return table;
    }
}
