using System.Diagnostics;
using System.Net.Sockets;
using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.Tests.LocalHost.Stack;

/// <summary>A host in a process of its own, with a data folder and ports of its own, that a test may treat badly.</summary>
sealed class SampleStack : IAsyncDisposable
{
    static readonly string HostAssembly =
        Path.Combine(AppContext.BaseDirectory.Replace("LocalHost.Tests", "LocalHost.SampleHost", StringComparison.Ordinal), "LocalHost.SampleHost.dll");

    readonly List<string> output = [];
    Process host;

    SampleStack(string folder, int basePort, string[] settings)
    {
        (Folder, BasePort) = (folder, basePort);
        host = Launch(settings);
    }

    public string Folder { get; }
    public int BasePort { get; }
    public int HostId => host.Id;
    public HttpClient First => new() { BaseAddress = new Uri($"http://127.0.0.1:{BasePort + 1}") };
    public HttpClient Second => new() { BaseAddress = new Uri($"http://127.0.0.1:{BasePort + 2}") };

    /// <summary>Starts a host; <paramref name="settings"/> are environment variables "NAME=VALUE" or switches "--...".</summary>
    public static SampleStack Start(params string[] settings) =>
        StartIn(Path.Combine(Path.GetTempPath(), $"retrainloop-stack-{Guid.NewGuid():N}"), settings);

    public static SampleStack StartIn(string folder, params string[] settings) => new(folder, FreeRange(), settings);

    /// <summary>A second host on the folder and ports of this one.</summary>
    public SampleStack Beside(params string[] settings) => new(Folder, BasePort, settings);

    public void StartAgain(params string[] settings) => host = Launch(settings);

    public async Task<StackStatus> UntilAsync(StackState state, string because = "") => await Eventually.NotNullAsync(
        () => Task.FromResult(host.HasExited ? throw new InvalidOperationException(Output) : Status is { } status && status.State == state ? status : null),
        $"the stack is {state} {because}:\n{Output}");

    public async Task<ResourceStatus> UntilAsync(string resource, Func<ResourceStatus, bool> condition) => await Eventually.NotNullAsync(
        () => Task.FromResult(Status?.Resources.SingleOrDefault(found => found.Name == resource && condition(found))),
        $"{resource} is as expected:\n{Output}");

    /// <summary>Null when there is no file, as before a start and after a stop.</summary>
    public StackStatus? Status
    {
        get
        {
            try
            {
                return StackFile.Read(Path.Combine(Folder, "stack.json"));
            }
            catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
        }
    }

    public ResourceStatus Resource(string name) => Status!.Resources.Single(resource => resource.Name == name);

    public string Output
    {
        get
        {
            lock (output)
            {
                return string.Join('\n', output);
            }
        }
    }

    public void Type(string line) => host.StandardInput.WriteLine(line);

    public static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{host.Id}"]);
        return await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        await host.WaitForExitAsync();
        return host.ExitCode;
    }

    /// <summary>Every process that has to do with the data folder: by its command line, its environment or the folder that it works in.</summary>
    public IReadOnlyList<int> Processes() =>
    [
        .. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(int.Parse!)
            .Where(id => id != Environment.ProcessId && Mentions(id)),
    ];

    public async ValueTask DisposeAsync()
    {
        if (!host.HasExited)
        {
            await StopAsync();
        }

        host.Dispose();
        if (Directory.Exists(Folder) && Processes().Count == 0)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    Process Launch(string[] settings)
    {
        var switches = settings.Where(setting => setting.StartsWith("--", StringComparison.Ordinal));
        var start = new ProcessStartInfo("dotnet", [HostAssembly, "--data", Folder, "--base-port", $"{BasePort}", .. switches])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in settings.Except(switches).Select(setting => setting.Split('=', 2)))
        {
            start.Environment[variable[0]] = variable[1];
        }

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (output)
        {
            output.Add(line.Data ?? "");
        }
    }

    bool Mentions(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Contains(Folder, StringComparison.Ordinal)
                || File.ReadAllText($"/proc/{id}/environ").Contains(Folder, StringComparison.Ordinal)
                || new DirectoryInfo($"/proc/{id}/cwd").LinkTarget?.StartsWith(Folder, StringComparison.Ordinal) == true;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Thirty ports in a row that are free, below those that the system gives to outgoing connections.</summary>
    static int FreeRange()
    {
        while (true)
        {
            var from = Random.Shared.Next(10_000, 30_000);
            if (Enumerable.Range(from, 30).All(IsFree))
            {
                return from;
            }
        }
    }

    static bool IsFree(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect("127.0.0.1", port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
