extern alias inference;
extern alias monitor;

using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using InferenceProgram = inference::Program;
using MonitorProgram = monitor::Program;

namespace RetrainLoop.Tests.Replay;

/// <summary>Inference and Monitor in this process, each with a database of its own; Inference talks to Monitor as it does in the stack.</summary>
public sealed class TwoServices(PostgresServer postgres, RedisServer redis) : IAsyncDisposable
{
    readonly string blobs = Directory.CreateTempSubdirectory("retrainloop-blobs-").FullName;
    ServiceUnderTest<MonitorProgram> monitor = null!;
    ServiceUnderTest<InferenceProgram> inference = null!;
    string database = null!;

    public HttpClient Monitor { get; private set; } = null!;
    public HttpClient Inference { get; private set; } = null!;

    public async Task StartAsync()
    {
        monitor = new ServiceUnderTest<MonitorProgram>(ServiceUnderTest<MonitorProgram>.Settings("monitordb", await postgres.CreateDatabaseAsync(), redis.ConnectionString,
            ("Monitor:Replays:Interval", "00:00:00.2"), ("Monitor:Alerts:Interval", "00:00:00.5")));
        Monitor = monitor.CreateStackClient();
        database = await postgres.CreateDatabaseAsync();
        StartInference();
    }

    /// <summary>Ends Inference in the middle of whatever it does, and starts it anew on the same data.</summary>
    public async Task RestartInferenceAsync()
    {
        await inference.DisposeAsync();
        StartInference();
    }

    void StartInference()
    {
        inference = new ServiceUnderTest<InferenceProgram>(ServiceUnderTest<InferenceProgram>.Settings("inferencedb", database, redis.ConnectionString,
            ("Blobs:Root", blobs), ("Inference:Replays:LeaseSeconds", "2"), ("Inference:Replays:PollSeconds", "0.2")), services: collection =>
            collection.AddHttpClient("monitor").ConfigurePrimaryHttpMessageHandler(() => monitor.Server.CreateHandler()));
        Inference = inference.CreateStackClient();
    }

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {body}");
        return System.Text.Json.JsonSerializer.Deserialize<T>(body, ContractJson.Options)!;
    }

    /// <summary>Registers the tiny model, serves it, and tells Monitor of it as Web would.</summary>
    public async Task<DeploymentInfo> DeployAsync(DeploymentRequest request)
    {
        using var form = new MultipartFormDataContent { { new StringContent(request.Model), "name" }, { new ByteArrayContent(Tests.Inference.TinyModel.Create()), "file", "model.onnx" } };
        await ReadAsync<ModelVersionInfo>(await Inference.PostAsync("/v1/models", form));
        var deployment = await ReadAsync<DeploymentInfo>(await Inference.PutAsJsonAsync("/v1/deployments/line", request, ContractJson.Options));
        await ReadAsync<DeploymentInfo>(await Monitor.PutAsJsonAsync("/v1/deployments/line", deployment, ContractJson.Options));
        return deployment;
    }

    public async ValueTask DisposeAsync()
    {
        await inference.DisposeAsync();
        await monitor.DisposeAsync();
        Directory.Delete(blobs, recursive: true);
    }
}
