using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Deployments;

namespace RetrainLoop.Inference.Telemetry;

/// <summary>
/// Sends the closed seconds to Monitor every second, also when nothing happened: the watermark says that this replica is alive and what is complete.
/// While Monitor is away batches wait on disk and are sent in order when it is back; it applies each (replica, boot, sequence) once, so sending
/// one twice is harmless.
/// </summary>
sealed partial class TelemetryPublisher(
    TelemetryRecorder recorder, Replicas replicas, IHttpClientFactory http, IOptions<TelemetryOptions> options, TimeProvider time,
    ILogger<TelemetryPublisher> logger) : BackgroundService
{
    public const string Monitor = "monitor";
    static readonly TimeSpan ReplayAtOnce = TimeSpan.FromSeconds(20);
    readonly Guid boot = Guid.NewGuid();
    readonly List<SeriesSecond> pending = [];
    long sequence;
    DateTimeOffset lastCut;
    bool monitorIsAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled) return;
        using var spool = new TelemetrySpool(options.Value.SpoolFolder, boot, time.GetUtcNow(), options.Value.MaxSpoolMegabytes * 1_000_000L);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryPublishAsync(spool, Floor(time.GetUtcNow()), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The second under way is the last of this boot: it is sent too, or waits on disk for the next.
            await TryPublishAsync(spool, Floor(time.GetUtcNow()).AddSeconds(1), CancellationToken.None, last: true);
        }
    }

    async Task TryPublishAsync(TelemetrySpool spool, DateTimeOffset watermark, CancellationToken cancellationToken, bool last = false)
    {
        try
        {
            await PublishAsync(spool, watermark, cancellationToken, last);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogSpoolBroken(exception.Message);
        }
    }

    async Task PublishAsync(TelemetrySpool spool, DateTimeOffset watermark, CancellationToken cancellationToken, bool last = false)
    {
        pending.AddRange(recorder.Close(watermark.ToUnixTimeSeconds()));
        if (await ReplayAsync(spool, cancellationToken))
        {
            var batch = Cut(watermark);
            if (!await SendAsync(batch, cancellationToken)) await SpoolAsync(spool, batch);
        }
        else if (last || watermark - lastCut >= TimeSpan.FromSeconds(options.Value.SpooledBatchSeconds))
            await SpoolAsync(spool, Cut(watermark));
    }

    byte[] Cut(DateTimeOffset watermark)
    {
        lastCut = watermark;
        var batch = new TelemetryBatch(replicas.Name, boot, ++sequence, time.GetUtcNow(), watermark, [.. pending]);
        pending.Clear();
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) JsonSerializer.Serialize(gzip, batch, ContractJson.Options);
        return bytes.ToArray();
    }

    /// <returns>True when nothing waits any more.</returns>
    async Task<bool> ReplayAsync(TelemetrySpool spool, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!spool.IsEmpty)
        {
            if (time.GetElapsedTime(started) > ReplayAtOnce) return false;
            if (await spool.OldestAsync(CancellationToken.None) is { } oldest && !await SendAsync(oldest, cancellationToken)) return false;
            spool.RemoveOldest();
        }
        return true;
    }

    // Not cancelled: what was cut must not be lost when the service stops.
    async Task SpoolAsync(TelemetrySpool spool, byte[] batch)
    {
        var dropped = await spool.AddAsync(sequence, batch, CancellationToken.None);
        if (dropped > 0) LogDropped(dropped, options.Value.MaxSpoolMegabytes);
    }

    /// <returns>True when Monitor has it, or will never take it.</returns>
    async Task<bool> SendAsync(byte[] batch, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(options.Value.SendTimeoutSeconds));
        try
        {
            using var content = new ByteArrayContent(batch);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            content.Headers.ContentEncoding.Add("gzip");
            using var response = await http.CreateClient(Monitor).PostAsync("/v1/telemetry", content, limit.Token);
            if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge)
                LogRefused((int)response.StatusCode, await response.Content.ReadAsStringAsync(limit.Token)); // it would be refused for ever
            else response.EnsureSuccessStatusCode();
            Connected();
            return true;
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested) Disconnected(exception);
            return false;
        }
    }

    void Connected()
    {
        if (monitorIsAway) LogBack();
        monitorIsAway = false;
    }

    void Disconnected(Exception exception)
    {
        if (!monitorIsAway) LogAway(exception.Message);
        monitorIsAway = true;
    }

    static DateTimeOffset Floor(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());

    [LoggerMessage(Level = LogLevel.Warning, Message = "Monitor does not take telemetry ({Reason}); it waits on disk")]
    partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Monitor takes telemetry again")]
    partial void LogBack();

    [LoggerMessage(Level = LogLevel.Error, Message = "Monitor refused a telemetry batch for good ({Status}): {Reason}")]
    partial void LogRefused(int status, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Telemetry cannot be kept on disk: {Reason}")]
    partial void LogSpoolBroken(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Batches} telemetry batches were dropped: more than {Megabytes} MB wait for Monitor")]
    partial void LogDropped(int batches, int megabytes);
}
