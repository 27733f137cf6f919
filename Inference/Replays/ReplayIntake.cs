using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using RetrainLoop.Inference.Telemetry;

namespace RetrainLoop.Inference.Replays;

/// <summary>Monitor will never take what it was sent.</summary>
sealed class ReplayRefusedException(string message) : Exception(message);

/// <summary>Monitor's side of a replay. While Monitor is away its callers wait: nothing is lost and nothing is skipped.</summary>
sealed partial class ReplayIntake(IHttpClientFactory http, TimeProvider time, ILogger<ReplayIntake> logger)
{
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <exception cref="ReplayRefusedException">Monitor refuses it for good.</exception>
    public Task StartAsync(Guid replay, ReplayStart start, CancellationToken cancellationToken) =>
        PatientlyAsync(HttpMethod.Put, $"/v1/replays/{replay}", start, cancellationToken);

    /// <summary>Returns once the batch is counted.</summary>
    /// <exception cref="ReplayRefusedException">Monitor refuses it for good, for example because the replay was deleted there.</exception>
    public Task SendAsync(Guid replay, TelemetryBatch batch, CancellationToken cancellationToken) =>
        PatientlyAsync(HttpMethod.Post, $"/v1/replays/{replay}/telemetry", batch, cancellationToken);

    /// <summary>Lets the series and the report go.</summary>
    /// <exception cref="HttpRequestException">Monitor is away.</exception>
    public async Task DeleteAsync(Guid replay, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.CreateClient(TelemetryPublisher.Monitor).DeleteAsync($"/v1/replays/{replay}", cancellationToken);
            if (response.StatusCode != HttpStatusCode.NotFound) response.EnsureSuccessStatusCode();
        }
        catch (Exception exception) when (exception is not HttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(exception.Message, exception); // a timeout, or the resilience pipeline's own exceptions
        }
    }

    async Task PatientlyAsync<T>(HttpMethod method, string path, T body, CancellationToken cancellationToken)
    {
        var json = Gzip(body);
        for (var pause = TimeSpan.FromMilliseconds(250); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(json) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                request.Content.Headers.ContentEncoding.Add("gzip");
                using var response = await http.CreateClient(TelemetryPublisher.Monitor).SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode) return;
                if (IsFinal(response.StatusCode))
                    throw new ReplayRefusedException($"Monitor refused ({(int)response.StatusCode}): {await response.Content.ReadAsStringAsync(cancellationToken)}");
                LogWaiting(pause, $"it answers {(int)response.StatusCode}");
            }
            catch (Exception exception) when (exception is not ReplayRefusedException && !cancellationToken.IsCancellationRequested)
            {
                LogWaiting(pause, exception.Message);
            }
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    static bool IsFinal(HttpStatusCode status) => status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Conflict
        or HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge;

    static byte[] Gzip<T>(T body)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) JsonSerializer.Serialize(gzip, body, ContractJson.Options);
        return bytes.ToArray();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A replay waits {Pause} for Monitor: {Reason}")]
    partial void LogWaiting(TimeSpan pause, string reason);
}
