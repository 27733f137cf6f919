using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Blobs;
using RetrainLoop.Inference.Execution;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Inference.DetectionJobs;

/// <summary>
/// Works on detection jobs, one at a time per replica, chunk by chunk, on worker time that live frames leave free. A chunk that is written is never
/// repeated, whoever goes on with the job.
/// </summary>
sealed partial class DetectionJobRunner(
    NpgsqlDataSource database, LoadedModels models, FrameQueue queue, JobImages images, BlobStore blobs, ChangeNudge nudge,
    IOptions<DetectionJobOptions> options, ExecutionProvider provider, TimeProvider time, ILogger<DetectionJobRunner> logger)
    : LeasedWorker<ClaimedJob>(time, logger)
{
    protected override TimeSpan Interval => TimeSpan.FromSeconds(options.Value.PollSeconds);

    protected override TimeSpan Lease => TimeSpan.FromSeconds(options.Value.LeaseSeconds);

    protected override string NameOf(ClaimedJob job) => $"Detection job {job.Id}";

    protected override Task<ClaimedJob?> ClaimAsync(CancellationToken cancellationToken) =>
        DetectionJobSql.ClaimAsync(database, Owner, options.Value.ChunkSize, Time.GetUtcNow(), Lease, cancellationToken);

    protected override Task<bool> RenewAsync(ClaimedJob job, CancellationToken cancellationToken) =>
        DetectionJobSql.RenewAsync(database, job.Id, Owner, Time.GetUtcNow() + Lease, cancellationToken);

    protected override Task ReleaseAsync(ClaimedJob job, CancellationToken cancellationToken) =>
        DetectionJobSql.ReleaseAsync(database, job.Id, Owner, Time.GetUtcNow(), cancellationToken);

    protected override Task FailAsync(ClaimedJob job, Exception exception, CancellationToken cancellationToken) =>
        FinishAsync(job.Id, DetectionJobState.Failed, null, DetectionJobFailure.Explain(exception), cancellationToken);

    protected override async Task WorkAsync(ClaimedJob claimed, CancellationToken cancellationToken)
    {
        var job = claimed.Read();
        var manifest = job.Images ?? await images.ManifestAsync(job.Request.Manifest!, cancellationToken);
        if (job.Images is null) await DetectionJobSql.SaveImagesAsync(database, job.Id, manifest, cancellationToken);
        var model = await models.AcquireAsync(job.Request.Model, cancellationToken);
        try
        {
            var chunks = manifest.Chunk(job.ChunkSize).ToList();
            var finished = await DetectionJobSql.FinishedChunksAsync(database, job.Id, cancellationToken);
            LogBegun(job.Id, job.Request.Model, manifest.Count, finished.Count, chunks.Count);
            for (var chunk = 0; chunk < chunks.Count; chunk++)
            {
                if (finished.Contains(chunk)) continue;
                var detections = await DetectAsync(chunks[chunk], model, job.Request, cancellationToken);
                if (!await DetectionJobSql.SaveChunkAsync(
                    database, job.Id, Owner, chunk, detections.Length, DetectionChunk.Pack(detections), cancellationToken))
                    throw new LeaseLostException();
            }
            var bytes = await DetectionChunk.JoinAsync(database, job.Id, model.Info, chunks.Count, cancellationToken);
            await using var hold = new BlobHold(database);
            var result = await blobs.PutAsync(bytes, hold.OnAsync, cancellationToken);
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
            var frame = new JobFrame(image.Key, await images.ReadAsync(image.Image, cancellationToken), model, request, Time);
            return await frame.RunAsync(queue, cancellationToken);
        }
        catch (MissingImageException missing)
        {
            return new ImageDetections(image.Key, 0, 0, [], null, missing.Message);
        }
    }

    async Task FinishAsync(Guid job, DetectionJobState state, ArtifactRef? result, string? error, CancellationToken cancellationToken)
    {
        if (await DetectionJobSql.FinishAsync(database, job, Owner, state, result, error, Time.GetUtcNow(), cancellationToken) is null) return;
        nudge.Changed();
        LogFinished(job, state);
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Detection job {Job}: {Model} over {Images} images, {Finished} of {Chunks} chunks done before")]
    partial void LogBegun(Guid job, ModelRef model, int images, int finished, int chunks);

    [LoggerMessage(Level = LogLevel.Information, Message = "Detection job {Job} {State}")]
    partial void LogFinished(Guid job, DetectionJobState state);
}
