using System.IO.Compression;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Models;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Inference.DetectionJobs;

/// <summary>
/// Works on detection jobs, one at a time per replica, chunk by chunk, on worker time that live frames leave free. A chunk that is written is never
/// repeated, whoever goes on with the job.
/// </summary>
sealed partial class DetectionJobRunner(
    NpgsqlDataSource database, LoadedModels models, FrameQueue queue, JobImages images, BlobStore blobs, ChangeNudge nudge,
    IOptions<DetectionJobOptions> options, ExecutionProvider provider, TimeProvider time, ILogger<DetectionJobRunner> logger)
    : BackgroundService
{
    static readonly TimeSpan LongestRelease = TimeSpan.FromSeconds(3);
    readonly Guid owner = Guid.NewGuid();
    readonly Channel<bool> wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    TimeSpan Lease => TimeSpan.FromSeconds(options.Value.LeaseSeconds);

    /// <summary>Looks for work now instead of at the next poll.</summary>
    public void Wake() => wakes.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var poll = time.CreateTimer(_ => Wake(), null, TimeSpan.Zero, TimeSpan.FromSeconds(options.Value.PollSeconds));
        await foreach (var _ in wakes.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                while (await DetectionJobSql.ClaimAsync(database, owner, time.GetUtcNow(), Lease, stoppingToken) is { } job)
                    await RunAsync(job, stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                LogWaiting(exception.Message); // the lease runs out, then somebody goes on
            }
        }
    }

    async Task RunAsync(DetectionJob job, CancellationToken stoppingToken)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var renewing = RenewAsync(job.Id, lost);
        try
        {
            await DetectAsync(job, lost.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            LogLost(job.Id);
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not NpgsqlException)
        {
            LogFailed(exception, job.Id);
            await FinishAsync(job.Id, DetectionJobState.Failed, null,
                exception is UnservableModelException or InvalidDataException or MissingImageException or HttpRequestException
                ? exception.Message : $"The model {job.Request.Model} failed: {exception.Message}", stoppingToken);
        }
        finally
        {
            await lost.CancelAsync();
            await renewing;
            if (stoppingToken.IsCancellationRequested) await ReleaseAsync(job.Id);
        }
    }

    // Best effort: without it the lease runs out by itself.
    async Task ReleaseAsync(Guid job)
    {
        try
        {
            using var limit = new CancellationTokenSource(LongestRelease, time);
            await DetectionJobSql.ReleaseAsync(database, job, owner, time.GetUtcNow(), limit.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            LogWaiting(exception.Message);
        }
    }

    async Task DetectAsync(DetectionJob job, CancellationToken cancellationToken)
    {
        var manifest = job.Images ?? await images.ManifestAsync(job.Request.Manifest!, cancellationToken);
        if (job.Images is null) await DetectionJobSql.SaveImagesAsync(database, job.Id, manifest, cancellationToken);
        var model = await models.AcquireAsync(job.Request.Model, cancellationToken);
        try
        {
            var chunks = manifest.Chunk(options.Value.ChunkSize).ToList();
            var finished = await DetectionJobSql.FinishedChunksAsync(database, job.Id, cancellationToken);
            LogBegun(job.Id, job.Request.Model, manifest.Count, finished.Count, chunks.Count);
            for (var chunk = 0; chunk < chunks.Count; chunk++)
            {
                if (finished.Contains(chunk)) continue;
                var detections = await DetectAsync(chunks[chunk], model, job.Request, cancellationToken);
                if (!await DetectionJobSql.SaveChunkAsync(database, job.Id, owner, chunk, detections.Length, Gzip(detections), cancellationToken))
                    throw new OperationCanceledException("The job was cancelled or taken over.");
            }
            var result = await WriteResultAsync(job, model.Info, chunks.Count, cancellationToken);
            await FinishAsync(job.Id, DetectionJobState.Succeeded, result, null, cancellationToken);
        }
        finally
        {
            model.Release();
        }
    }

    async Task<ImageDetections[]> DetectAsync(
        ManifestImage[] chunk, LoadedModel model, DetectionJobRequest request, CancellationToken cancellationToken)
    {
        var results = new ImageDetections[chunk.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = provider.Workers, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, chunk.Length, parallel, async (i, stop) => results[i] = await DetectAsync(chunk[i], model, request, stop));
        return results;
    }

    async Task<ImageDetections> DetectAsync(ManifestImage image, LoadedModel model, DetectionJobRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var frame = new JobFrame(image.Key, await images.ReadAsync(image.Image, cancellationToken), model, request);
            if (!queue.TryAddBackground(frame, int.MaxValue)) frame.Abandon();
            return await frame.Completion;
        }
        catch (MissingImageException missing)
        {
            return new ImageDetections(image.Key, 0, 0, [], null, missing.Message);
        }
    }

    /// <summary>Joins the chunks into one artifact without ever holding all detections.</summary>
    async Task<ArtifactRef> WriteResultAsync(DetectionJob job, ModelVersionInfo model, int chunks, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        await using (var json = new Utf8JsonWriter(gzip))
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            json.WriteStartObject();
            json.WritePropertyName("model");
            JsonSerializer.Serialize(json, model.Ref, ContractJson.Options);
            json.WritePropertyName("classNames");
            JsonSerializer.Serialize(json, model.ClassNames, ContractJson.Options);
            json.WriteStartArray("images");
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                foreach (var image in Gunzip(await DetectionJobSql.ReadChunkAsync(connection, job.Id, chunk, cancellationToken)))
                    JsonSerializer.Serialize(json, image, ContractJson.Options);
                await json.FlushAsync(cancellationToken);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return await blobs.PutAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), cancellationToken);
    }

    async Task FinishAsync(Guid job, DetectionJobState state, ArtifactRef? result, string? error, CancellationToken cancellationToken)
    {
        if (await DetectionJobSql.FinishAsync(database, job, owner, state, result, error, time.GetUtcNow(), cancellationToken) is null) return;
        nudge.Changed();
        LogFinished(job, state);
    }

    async Task RenewAsync(Guid job, CancellationTokenSource lost)
    {
        using var timer = new PeriodicTimer(Lease / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(lost.Token))
                if (!await DetectionJobSql.RenewAsync(database, job, owner, time.GetUtcNow() + Lease, lost.Token)) await lost.CancelAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or NpgsqlException or TimeoutException)
        {
            // Finished, or the database is away: then writing the next chunk decides.
        }
    }

    static byte[] Gzip(ImageDetections[] detections)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) JsonSerializer.Serialize(gzip, detections, ContractJson.Options);
        return bytes.ToArray();
    }

    static ImageDetections[] Gunzip(byte[] chunk)
    {
        using var gzip = new GZipStream(new MemoryStream(chunk), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<ImageDetections[]>(gzip, ContractJson.Options)!;
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Detection job {Job}: {Model} over {Images} images, {Finished} of {Chunks} chunks done before")]
    partial void LogBegun(Guid job, ModelRef model, int images, int finished, int chunks);

    [LoggerMessage(Level = LogLevel.Information, Message = "Detection job {Job} {State}")]
    partial void LogFinished(Guid job, DetectionJobState state);

    [LoggerMessage(Level = LogLevel.Information, Message = "Detection job {Job} was cancelled or taken over")]
    partial void LogLost(Guid job);

    [LoggerMessage(Level = LogLevel.Error, Message = "Detection job {Job} failed")]
    partial void LogFailed(Exception exception, Guid job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Detection jobs wait for the database ({Reason})")]
    partial void LogWaiting(string reason);
}
