using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.Scenes;
using RetrainLoop.Simulator.Stack;

namespace RetrainLoop.Simulator.Line;

/// <summary>Posts frames to Inference as a camera does, and counts what comes back. Nothing is retried and nothing queues.</summary>
public sealed partial class FrameSender(
    IHttpClientFactory clients, LineCounters counters, IOptions<LineOptions> options, TimeProvider time, ILogger<FrameSender> logger)
{
    int unreachable;

    /// <param name="slow">Upload in a trickle.</param>
    public async Task SendAsync(FrameId frame, FrameBody body, bool slow, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.Value.SendTimeout);
        try
        {
            counters.CountSent();
            using var request = Request(frame, body, slow);
            using var response = await clients.CreateClient(StackClients.Camera).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            counters.CountAnswer(response.StatusCode);
            if (Interlocked.Exchange(ref unreachable, 0) == 1) LogReachable();
        }
        catch (OperationCanceledException)
        {
            if (!cancellation.IsCancellationRequested) counters.CountError("timeout");
        }
        catch (HttpRequestException problem)
        {
            counters.CountError("unreachable");
            if (Interlocked.Exchange(ref unreachable, 1) == 0) LogUnreachable(problem.Message);
        }
    }

    HttpRequestMessage Request(FrameId frame, FrameBody body, bool slow)
    {
        var camera = LineCamera.Find(frame.Camera)!;
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/deployments/{options.Value.Deployment}/predict")
        {
            Content = slow ? new TrickledContent(body.Bytes, options.Value.SlowUpload, time) : new ByteArrayContent(body.Bytes),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(body.ContentType);
        request.Headers.Add("X-Region", camera.Region);
        request.Headers.Add("X-Camera", camera.Name);
        request.Headers.Add("X-Frame-Id", frame.ToString());
        request.Headers.Add("X-Captured-At", time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        return request;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Inference does not answer the cameras ({Reason}); they go on and drop what cannot be sent")]
    partial void LogUnreachable(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Inference answers the cameras again")]
    partial void LogReachable();
}
