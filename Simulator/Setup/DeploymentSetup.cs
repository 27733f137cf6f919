using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.Options;
using RetrainLoop.Simulator.Line;
using RetrainLoop.Simulator.Scenes;
using RetrainLoop.Simulator.Stack;

namespace RetrainLoop.Simulator.Setup;

/// <summary>Brings the line's first model to Inference and makes the deployment, unless there is one already: then it is left as it is.</summary>
public sealed class DeploymentSetup(IHttpClientFactory clients, IOptions<LineOptions> line, IOptions<SetupOptions> setup)
{
    /// <exception cref="FileNotFoundException">There is neither a deployment nor a model to make one of.</exception>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        var inference = clients.CreateClient(StackClients.Inference);
        var path = $"/v1/deployments/{line.Value.Deployment}";
        if (await inference.FindAsync<DeploymentInfo>(path, cancellation) is not null) return;
        if (!setup.Value.Enabled)
            throw new InvalidOperationException($"The deployment {line.Value.Deployment} does not exist yet, and Simulator:Setup:Enabled is false.");
        var model = await UploadAsync(inference, cancellation);
        var request = new DeploymentRequest(
            model.Name, model.Version, setup.Value.LatencyBudgetMs, setup.Value.Zone, Regions: LineCamera.Regions,
            Sampling: new SamplingPolicy(EmbeddingsPerCameraHour: setup.Value.EmbeddingsPerCameraHour));
        using var response = await inference.PutAsJsonAsync(path, request, ContractJson.Options, cancellation);
        await response.EnsureSuccessAsync(cancellation);
    }

    async Task<ModelVersionInfo> UploadAsync(HttpClient inference, CancellationToken cancellation)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, setup.Value.ModelFolder);
        var (onnx, checkpoint) = (Path.Combine(folder, "line.onnx"), Path.Combine(folder, "line.ckpt"));
        if (!File.Exists(onnx))
            throw new FileNotFoundException(
                $"The line's first model is missing: {onnx}. Put line.onnx and line.ckpt there, or make the deployment {line.Value.Deployment} by hand.");
        using var form = new MultipartFormDataContent { { new StringContent(setup.Value.ModelName), "name" } };
        await AddFileAsync(form, "file", onnx, cancellation);
        if (File.Exists(checkpoint)) await AddFileAsync(form, "checkpoint", checkpoint, cancellation);
        using var response = await inference.PostAsync("/v1/models", form, cancellation);
        return await response.ReadAsync<ModelVersionInfo>(cancellation);
    }

    static async Task AddFileAsync(MultipartFormDataContent form, string field, string path, CancellationToken cancellation)
    {
        var content = new ByteArrayContent(await File.ReadAllBytesAsync(path, cancellation));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        form.Add(content, field, Path.GetFileName(path));
    }
}
