using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net;
using Npgsql;
using Service = RetrainLoop.Tests.Testing.ServiceUnderTest<RetrainLoop.Inference.Execution.ExecutionOptions>;

namespace RetrainLoop.Benchmarks.Inference;

/// <summary>The service as a process of its own, with one model deployed as <c>bench</c>.</summary>
sealed class ServedModel : IAsyncDisposable
{
    readonly string data = Directory.CreateTempSubdirectory("retrainloop-bench-").FullName;
    readonly Process process;

    ServedModel(IReadOnlyDictionary<string, string> settings, int port)
    {
        Database = settings["ConnectionStrings:inferencedb"];
        Address = new Uri($"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = data, RedirectStandardOutput = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "Inference.dll"), "--urls", Address.ToString(), "--contentRoot",
            Path.Combine(GoldenFolder.RepositoryRoot, "Inference") }) start.ArgumentList.Add(argument);
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["RETRAINLOOP_DATA"] = data;
        process = Process.Start(start)!;
        process.BeginOutputReadLine(); // a full pipe would hold it up
    }

    public Uri Address { get; }
    public Uri Target => new(Address, "/v1/deployments/bench/predict");
    public string Database { get; }

    public TimeSpan Cpu()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    public long ResidentBytes()
    {
        process.Refresh();
        return process.WorkingSet64;
    }

    public static async Task<ServedModel> StartAsync(Backing backing, string onnx, CancellationToken cancellationToken,
        params (string Key, string Value)[] settings)
    {
        var served = new ServedModel(await backing.SettingsAsync(settings), FreePort());
        using var client = served.CreateClient();
        await DeployAsync(client, onnx, served.process, cancellationToken);
        return served;
    }

    public HttpClient CreateClient()
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Service.ServiceToken);
        return client;
    }

    /// <summary>Keeps no frames but so many random ones an hour.</summary>
    public async Task SampleAsync(double perHour, CancellationToken cancellationToken)
    {
        using var client = CreateClient();
        (await client.PutAsJsonAsync("/v1/deployments/bench/sampling", new SamplingPolicy(perHour, KeepEmptyFrames: false,
            Caps: new SamplingCaps(0, 0, 0)), ContractJson.Options, cancellationToken)).EnsureSuccessStatusCode();
    }

    /// <summary>Uploads a model and deploys it, once the service answers.</summary>
    public static async Task DeployAsync(HttpClient client, string onnx, Process? process, CancellationToken cancellationToken)
    {
        while (!await IsUpAsync(client, cancellationToken))
        {
            if (process is { HasExited: true }) throw new InvalidOperationException("The service ended at its start.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
        using var form = new MultipartFormDataContent
        {
            { new StringContent("bench"), "name" }, { new ByteArrayContent(await File.ReadAllBytesAsync(onnx, cancellationToken)), "file", "m.onnx" },
        };
        (await client.PostAsync("/v1/models", form, cancellationToken)).EnsureSuccessStatusCode();
        (await client.PutAsJsonAsync("/v1/deployments/bench", new DeploymentRequest("bench", 1), ContractJson.Options, cancellationToken))
            .EnsureSuccessStatusCode();
    }

    public async Task<long> FramesKeptAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync(cancellationToken);
        await using var count = new NpgsqlCommand("select count(*) from sampled_frames", connection);
        return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
    }

    public Load Load(int clients) =>
        new(Target, HttpConnection.Prepare(Target, BenchFiles.Frame, Service.ServiceToken), clients);

    public async ValueTask DisposeAsync()
    {
        Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(data, recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static async Task<bool> IsUpAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetAsync("/alive", cancellationToken)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
