using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Benchmarks.Inference;

/// <summary>
/// What the machine gives at most: one thread per core with an ONNX Runtime session of one thread each, in a loop of decode, letterbox, run, boxes,
/// suppression; the same code as the service has for it, with no HTTP, queue, telemetry or sampling around it.
/// </summary>
sealed class RawSessions : IDisposable
{
    readonly List<OpenedDetector> sessions;
    readonly byte[] frame = BenchFiles.Frame;

    public RawSessions(string onnx, int threads)
    {
        var provider = new ExecutionProvider(Options.Create(new ExecutionOptions { Provider = RequestedProvider.Cpu }),
            NullLogger<ExecutionProvider>.Instance);
        var loader = new DetectorLoader(provider, TimeProvider.System);
        sessions = [.. Enumerable.Range(0, threads).Select(_ => loader.Open(onnx, new ModelSpec()))];
    }

    public LoadResult For(TimeSpan duration)
    {
        using var process = Process.GetCurrentProcess();
        var latencies = sessions.Select(_ => new List<double>(100_000)).ToArray();
        var before = process.TotalProcessorTime;
        var started = TimeProvider.System.GetTimestamp();
        var threads = sessions.Select((session, i) => new Thread(() => Work(session, latencies[i]))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var wall = TimeProvider.System.GetElapsedTime(started);
        process.Refresh();
        var all = latencies.SelectMany(own => own).ToArray();
        return new LoadResult(all.Length, 0, wall, process.TotalProcessorTime - before, all);

        void Work(OpenedDetector session, List<double> own)
        {
            using var bench = new Workbench(new ImageOptions(), TimeProvider.System);
            while (TimeProvider.System.GetElapsedTime(started) < duration)
            {
                var begun = TimeProvider.System.GetTimestamp();
                bench.Run(session.Detector, frame, "frame", 0.25f);
                bench.Select(0.25f, 0.7f, null, session.ClassNames);
                own.Add(TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds);
            }
        }
    }

    public void Dispose() => sessions.ForEach(session => session.Detector.Dispose());
}
