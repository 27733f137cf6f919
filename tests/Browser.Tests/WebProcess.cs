using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using RetrainLoop.Tests.Browser.Fakes;

namespace RetrainLoop.Tests.Browser;

/// <summary>Web as its own process in Production, unpublished, as the stack runs it; the services behind it are a <see cref="FakeStack"/>.</summary>
public sealed class WebProcess : IAsyncDisposable
{
    readonly Process process;

    WebProcess(Process process, string address, string data) => (this.process, Address, Data) = (process, address, data);

    public string Address { get; }
    public string Data { get; }

    public static async Task<WebProcess> StartAsync(string database, string redis, FakeStack stack, string? data = null, string? address = null)
    {
        data ??= Directory.CreateTempSubdirectory("retrainloop-web-").FullName;
        address ??= $"http://127.0.0.1:{FreePort()}";
        var assembly = typeof(WebProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "WebAssembly").Value!;
        var start = new ProcessStartInfo("dotnet", [Path.GetFullPath(assembly)])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(assembly)),
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production", ["ASPNETCORE_URLS"] = address, ["RETRAINLOOP_DATA"] = data,
                ["ConnectionStrings__webdb"] = database, ["ConnectionStrings__redis"] = redis,
                ["Security__ServiceToken"] = FakeStack.ServiceToken, ["Security__AdminKey"] = "admin-key-of-the-browser-tests-0123456789", ["Logging__LogLevel__Default"] = "Warning",
            },
        };
        foreach (var service in FakeStack.Services) start.Environment[$"services__{service}__http__0"] = stack.Address;
        var process = Process.Start(start)!;
        var log = new List<string>();
        process.OutputDataReceived += (_, line) => { lock (log) log.Add(line.Data ?? ""); };
        process.ErrorDataReceived += (_, line) => { lock (log) log.Add(line.Data ?? ""); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        await Eventually.TrueAsync(async () =>
        {
            if (process.HasExited) lock (log) Assert.Fail($"Web ended at its start:\n{string.Join('\n', log)}");
            return File.Exists(Path.Combine(data, "setup-link.txt")) || await AnswersAsync(http);
        }, "Web answers");
        return new WebProcess(process, address, data);
    }

    /// <summary>The one-time link of the first start.</summary>
    public async Task<string> SetupLinkAsync() => (await File.ReadAllTextAsync(Path.Combine(Data, "setup-link.txt"))).Trim();

    /// <summary>Ends the process; the data folder stays for a next start.</summary>
    public async Task StopAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            // The setup link is written once Web listens; where users exist already there is none.
            return (await http.GetAsync("/alive")).IsSuccessStatusCode && (await http.GetStringAsync("/login")).Contains("Password", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
    }
}
