using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Execution;

namespace RetrainLoop.Benchmarks.Inference;

/// <summary>Throughput of the model alone by batch size, on whatever provider is here; a table without CUDA says why.</summary>
static class BatchBenchmarks
{
    static readonly int[] Sizes = [1, 2, 4, 8, 16, 32];

    public static Task<BenchmarkTable> RunAsync(CancellationToken cancellationToken)
    {
        var info = ProviderOf(new ExecutionOptions()).Info;
        var table = new BenchmarkTable("model", "provider", "input", "images a run", "images/s", "against 1");
        foreach (var (model, _) in BenchFiles.Models)
            foreach (var input in new[] { ByteInput.Never, ByteInput.Always })
            {
                double one = 0;
                foreach (var size in Sizes)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var rate = Measure(BenchFiles.Model(model), new ExecutionOptions { MaxBatch = size, ByteInput = input });
                    if (size == 1) one = rate;
                    table.Add(model, info.Provider, input == ByteInput.Always ? "uint8" : "float32", size, Text(rate, "0.0"), Text(rate / one, "0.00"));
                }
            }
        table.Add(info.Provider == "CUDAExecutionProvider" ? info.Device : $"No CUDA here: {info.Reason}", "", "", "", "", "");
        return Task.FromResult(table);
    }

    static unsafe double Measure(string onnx, ExecutionOptions options)
    {
        var detector = new DetectorLoader(ProviderOf(options), TimeProvider.System).Open(onnx, new ModelSpec()).Detector;
        using (detector)
        {
            var images = 0;
            var started = TimeProvider.System.GetTimestamp();
            var threads = Enumerable.Range(0, detector.Batcher is null ? Environment.ProcessorCount : 2 * options.MaxBatch!.Value)
                .Select(_ => new Thread(detector.Batcher is { } batcher ? () => InBatches(batcher) : Alone)).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            return images / TimeProvider.System.GetElapsedTime(started).TotalSeconds;

            bool GoesOn() => TimeProvider.System.GetElapsedTime(started) < BenchArguments.Round;

            void InBatches(Batcher batcher)
            {
                while (GoesOn())
                {
                    batcher.Announce();
                    using var place = batcher.Take(CancellationToken.None);
                    place.Fill(); // the place holds a picture of zeros
                    place.Wait(CancellationToken.None);
                    Interlocked.Increment(ref images);
                }
            }

            void Alone()
            {
                var tensor = new byte[detector.Input.Bytes];
                using var run = new Microsoft.ML.OnnxRuntime.RunOptions();
                fixed (byte* data = tensor)
                {
                    while (GoesOn())
                    {
                        detector.Run(0, data, run).Dispose();
                        Interlocked.Increment(ref images);
                    }
                }
            }
        }
    }

    static ExecutionProvider ProviderOf(ExecutionOptions options) => new(Options.Create(options), NullLogger<ExecutionProvider>.Instance);

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
