using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace RetrainLoop.Tests.Loop.Stack;

/// <summary>
/// The real stack, started as a person starts it, on ports and in a data folder of its own. Settings are ordinary configuration, given by environment.
/// </summary>
public sealed class RunningStack : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    readonly List<string> output = [];
    readonly Process host;

    public string Data { get; }

    /// <summary>Whether the data outlives this object, for another start or for a look at its logs.</summary>
    public bool KeepData { get; set; } = Environment.GetEnvironmentVariable("RETRAINLOOP_KEEP_TEST_DATA") is not null;

    public int Pid => host.Id;

    RunningStack(Process host, string data)
    {
        this.host = host;
        Data = data;
        host.OutputDataReceived += Keep;
        host.ErrorDataReceived += Keep;
        host.BeginOutputReadLine();
        host.BeginErrorReadLine();
    }

    /// <param name="data">A data folder to go on with; null = a new one.</param>
    public static async Task<RunningStack> StartAsync(int basePort, IReadOnlyDictionary<string, string> settings, string? data = null, params string[] arguments)
    {
        data ??= TraversableFolder();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = GoldenFolder.RepositoryRoot };
        foreach (var argument in (string[])[AppHostAssembly, "--base-port", $"{basePort}", .. arguments]) start.ArgumentList.Add(argument);
        start.Environment["RETRAINLOOP_DATA"] = data;
        foreach (var (key, value) in settings) start.Environment[key] = value;
        var stack = new RunningStack(Process.Start(start)!, data);
        try
        {
            await Eventually.TrueAsync(
                () => stack.host.HasExited ? throw new InvalidOperationException($"AppHost ended at its start:\n{stack.Output}") : Task.FromResult(stack.TryReadFile()?.State == "running"),
                "stack.json says running", StartLimit);
        }
        catch
        {
            TestContext.Current.TestOutputHelper?.WriteLine(stack.Output);
            await stack.DisposeAsync();
            throw;
        }
        return stack;
    }

    public string Output { get { lock (output) return string.Join('\n', output); } }

    public StackFile File => TryReadFile() ?? throw new FileNotFoundException("There is no stack.json.");

    public StackFile? TryReadFile()
    {
        var path = Path.Combine(Data, "stack.json");
        return System.IO.File.Exists(path) ? JsonSerializer.Deserialize<StackFile>(System.IO.File.ReadAllText(path), ContractJson.Options) : null;
    }

    /// <summary>A client of a service with the admin key that scripts use.</summary>
    public HttpClient Client(string service)
    {
        var client = new HttpClient { BaseAddress = new Uri(File[service].Url!), Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", System.IO.File.ReadAllText(Path.Combine(Data, File.AdminKeyFile)).Trim());
        return client;
    }

    public async Task<T?> GetAsync<T>(string service, string path)
    {
        using var client = Client(service);
        return await client.GetFromJsonAsync<T>(path, ContractJson.Options, TestContext.Current.CancellationToken);
    }

    /// <summary>Ends one process of the stack as the kernel would.</summary>
    public static void KillProcess(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    public static bool IsAlive(int pid) => Directory.Exists($"/proc/{pid}");

    /// <summary>Ends AppHost as the kernel would: nothing gets a chance to clean up.</summary>
    public async Task KillAsync()
    {
        host.Kill(entireProcessTree: false);
        await host.WaitForExitAsync();
    }

    public async Task StopAsync()
    {
        if (host.HasExited) return;
        using (var terminate = Process.Start("kill", ["-TERM", $"{host.Id}"])) await terminate.WaitForExitAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await host.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            host.Kill(entireProcessTree: true);
            throw new TimeoutException($"AppHost did not stop:\n{Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        host.Dispose();
        if (!KeepData) Directory.Delete(Data, recursive: true);
    }

    static string AppHostAssembly { get; } = Path.Combine(GoldenFolder.RepositoryRoot, "AppHost", "bin",
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug", "net10.0", "AppHost.dll");

    // PostgreSQL runs as an unprivileged user and must be able to walk to its folder.
    static string TraversableFolder()
    {
        var folder = Directory.CreateTempSubdirectory("retrainloop-stack-").FullName;
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        return folder;
    }

    void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        lock (output)
        {
            output.Add(line.Data);
            if (output.Count > 2000) output.RemoveRange(0, 1000);
        }
    }
}
