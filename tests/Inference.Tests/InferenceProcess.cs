using System.Diagnostics;
using System.Net.Http.Headers;

namespace RetrainLoop.Tests.Inference;

/// <summary>Inference as a process of its own, for tests that kill it.</summary>
public sealed class InferenceProcess : IAsyncDisposable
{
    const string Listening = "Now listening on: ";
    readonly Process process;

    InferenceProcess(Process process, Uri address)
    {
        this.process = process;
        Client = new HttpClient { BaseAddress = address };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServiceUnderTest<Program>.ServiceToken);
    }

    public HttpClient Client { get; }

    public static async Task<InferenceProcess> StartAsync(string database, RedisServer redis, string data, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Inference.dll"), "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = data,
        };
        start.Environment["RETRAINLOOP_DATA"] = data;
        foreach (var (key, value) in ServiceUnderTest<Program>.Settings("inferencedb", database, redis.ConnectionString, settings))
            start.Environment[key.Replace(":", "__")] = value;
        var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        string? line;
        do line = await process.StandardOutput.ReadLineAsync();
        while (line is not null && !line.Contains(Listening));
        _ = process.StandardOutput.ReadToEndAsync();
        return line is null ? throw new InvalidOperationException("Inference ended at its start.")
            : new InferenceProcess(process, new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]));
    }

    /// <summary>Ends it without a chance to tidy up.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public ValueTask DisposeAsync()
    {
        if (!process.HasExited) Kill();
        process.Dispose();
        Client.Dispose();
        return ValueTask.CompletedTask;
    }
}
