using System.Diagnostics;

namespace RetrainLoop.Benchmarks.Inference;

/// <summary>The peer that users could write on Node.js: installed once in a folder of its own, started once per model.</summary>
sealed class NodePeer : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("retrainloop-peer-").FullName;

    public static async Task<NodePeer> InstallAsync(CancellationToken cancellationToken)
    {
        var peer = new NodePeer();
        foreach (var file in Directory.EnumerateFiles(BenchFiles.Peer)) File.Copy(file, Path.Combine(peer.folder, Path.GetFileName(file)));
        var start = new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--silent"]) { WorkingDirectory = peer.folder };
        start.Environment["ONNXRUNTIME_NODE_INSTALL"] = "skip"; // no CUDA files
        using var install = Process.Start(start)!;
        await install.WaitForExitAsync(cancellationToken);
        return install.ExitCode == 0 ? peer : throw new InvalidOperationException("npm install failed: this benchmark needs Node.js 20 and its registry.");
    }

    public async Task<RunningPeer> StartAsync(string onnx, int size, CancellationToken cancellationToken)
    {
        var port = ServedModel.FreePort();
        var start = new ProcessStartInfo("node", ["server.mjs", onnx, $"{port}", $"{size}", $"{Environment.ProcessorCount}"])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            if (line.StartsWith("listening", StringComparison.Ordinal)) return new RunningPeer(process, new Uri($"http://127.0.0.1:{port}/predict"));
        throw new InvalidOperationException("The peer ended at its start.");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

sealed class RunningPeer(Process process, Uri target) : IDisposable
{
    public TimeSpan Cpu()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    public Load Load(int clients) => new(target, HttpConnection.Prepare(target, BenchFiles.Frame, key: null), clients);

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
