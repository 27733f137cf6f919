using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Drift.Embeddings;

/// <summary>Takes the embeddings of random frames from Inference.</summary>
public sealed class SampledEmbeddings(IHttpClientFactory http, IOptions<DriftOptions> options)
{
    public const string Inference = "inference", HttpClientSuffix = "-embeddings";
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What a model gave frames that were answered in [from, to).</summary>
    /// <exception cref="HttpRequestException">Inference does not answer, or not what it should; the message is a sentence.</exception>
    public Task<IReadOnlyList<EmbeddedFrame>> ReadAsync(
        string deployment, ModelRef model, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        ReadAsync(deployment, model, from, to, options.Value.MaximumEmbeddings, cancellationToken);

    /// <summary>The same, of at most <paramref name="limit"/> frames: of more, every n-th per camera.</summary>
    /// <exception cref="HttpRequestException">As above.</exception>
    public async Task<IReadOnlyList<EmbeddedFrame>> ReadAsync(
        string deployment, ModelRef model, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellationToken)
    {
        if (from >= to) return [];
        var embeddings = await GetAsync<List<FrameEmbedding>>(string.Create(CultureInfo.InvariantCulture,
            $"/v1/deployments/{Uri.EscapeDataString(deployment)}/embeddings?model={Uri.EscapeDataString(model.Name)}&version={model.Version}"
            + $"&from={from.UtcDateTime:O}&to={to.UtcDateTime:O}&limit={Math.Min(limit, options.Value.MaximumEmbeddings)}"), cancellationToken);
        return [.. embeddings.Select(EmbeddedFrame.Of).OfType<EmbeddedFrame>()];
    }

    /// <summary>Why frames of a model have no embeddings, in a sentence.</summary>
    /// <exception cref="HttpRequestException">As above.</exception>
    public async Task<string> WhyNoneAsync(ModelRef model, CancellationToken cancellationToken)
    {
        var info = await GetAsync<ModelVersionInfo>($"/v1/models/{Uri.EscapeDataString(model.Name)}/versions/{model.Version}", cancellationToken);
        return info.HasEmbedding
            ? $"No random frame of {model} was kept while the baseline collected: the deployment's sampling (randomPerCameraHour, embeddingsPerCameraHour) says how many are."
            : info.EmbeddingSource ?? $"{model} gives no embeddings.";
    }

    async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        try
        {
            return (await http.CreateClient(Inference + HttpClientSuffix).GetFromJsonAsync<T>(path, ContractJson.Options, cancellationToken))!;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException
            || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(
                $"Inference could not be asked for embeddings ({exception.Message.TrimEnd('.')}). The next comparison asks again.", exception);
        }
    }
}
