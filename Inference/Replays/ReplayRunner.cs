using System.Buffers;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Models;
using RetrainLoop.Inference.Replays.Archives;
using RetrainLoop.Inference.Telemetry;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Inference.Replays;

/// <summary>
/// Works on replays, one at a time per replica, chunk by chunk in the order of time, on worker time that live frames leave free. A chunk is marked
/// done after Monitor has counted it; one that is sent again after a crash has the same number, and Monitor counts each number once.
/// </summary>
sealed partial class ReplayRunner(
    NpgsqlDataSource database, LoadedModels models, FrameQueue queue, BlobStore blobs, ReplayIntake intake, ReplayRemoval removal,
    ExecutionProvider provider, IOptions<ReplayOptions> options, IOptions<ImageOptions> images, TimeProvider time, ILogger<ReplayRunner> logger)
    : LeasedWorker<LeasedReplay>(time, logger)
{
    protected override TimeSpan Interval => TimeSpan.FromSeconds(options.Value.PollSeconds);

    protected override TimeSpan Lease => TimeSpan.FromSeconds(options.Value.LeaseSeconds);

    protected override string NameOf(LeasedReplay replay) => $"Replay {replay.Id}";

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await base.RunOnceAsync(cancellationToken);
        await removal.RemoveExpiredAsync(cancellationToken);
    }

    protected override Task<LeasedReplay?> ClaimAsync(CancellationToken cancellationToken) =>
        ReplayLease.ClaimAsync(database, Owner, Time.GetUtcNow(), Lease, cancellationToken);

    protected override Task<bool> RenewAsync(LeasedReplay replay, CancellationToken cancellationToken) =>
        ReplayLease.RenewAsync(database, replay.Id, Owner, Time.GetUtcNow() + Lease, cancellationToken);

    protected override Task ReleaseAsync(LeasedReplay replay, CancellationToken cancellationToken) =>
        ReplayLease.ReleaseAsync(database, replay.Id, Owner, Time.GetUtcNow(), cancellationToken);

    protected override Task FailAsync(LeasedReplay replay, Exception exception, CancellationToken cancellationToken) =>
        FinishAsync(replay, ReplayState.Failed, exception.Message, cancellationToken);

    protected override async Task WorkAsync(LeasedReplay replay, CancellationToken cancellationToken)
    {
        LogBegun(replay.Id, replay.Model, replay.Frames, replay.Done);
        await PlayAsync(replay, cancellationToken);
        await FinishAsync(replay, ReplayState.Succeeded, null, cancellationToken);
    }

    async Task PlayAsync(LeasedReplay replay, CancellationToken cancellationToken)
    {
        await intake.StartAsync(replay.Id, new ReplayStart(
            replay.Deployment, replay.Model, replay.Name, replay.From, replay.To, replay.BaselineDays), cancellationToken);
        await using var archive = await replay.Source.OpenAsync(blobs, options.Value, cancellationToken);
        var model = await models.AcquireAsync(replay.Model, cancellationToken);
        try
        {
            while (replay.Done < replay.Frames) replay = await PlayChunkAsync(replay, archive, model, cancellationToken);
        }
        finally
        {
            model.Release();
        }
    }

    /// <returns>The replay after the chunk.</returns>
    async Task<LeasedReplay> PlayChunkAsync(LeasedReplay replay, FrameArchive archive, LoadedModel model, CancellationToken cancellationToken)
    {
        var ahead = await ReplayLease.FramesAsync(database, replay.Id, replay.Done, replay.ChunkSize + 1, cancellationToken);
        var chunk = ahead.GetRange(0, Math.Min(ahead.Count, replay.ChunkSize));
        var observations = new FrameObservation[chunk.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = provider.Workers, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, chunk.Count, parallel, async (i, stop) =>
            observations[i] = await ObserveAsync(archive, chunk[i].File, model, replay.Deployment.OperatingPoint, stop));
        await intake.SendAsync(replay.Id, ReplayBatch.Of(replay, chunk, observations, ahead.ElementAtOrDefault(replay.ChunkSize), Time.GetUtcNow()),
            cancellationToken);
        var after = replay with
        {
            Done = replay.Done + chunk.Count, Unreadable = replay.Unreadable + observations.Count(seen => seen.Outcome == RequestOutcome.BadInput),
        };
        return await ReplayLease.AdvanceAsync(database, replay.Id, Owner, after.Done, after.Unreadable, cancellationToken)
            ? after : throw new LeaseLostException();
    }

    async Task<FrameObservation> ObserveAsync(
        FrameArchive archive, string file, LoadedModel model, double operatingPoint, CancellationToken cancellationToken)
    {
        if (await ReadAsync(archive, file, cancellationToken) is not { } bytes) return FrameObservation.Unanswered(RequestOutcome.BadInput);
        return await new ReplayFrame(file, bytes, model, operatingPoint, Time, logger).RunAsync(queue, cancellationToken);
    }

    /// <summary>A frame's bytes; null when it is gone, damaged, over the limit or of another size than its archive declares.</summary>
    async Task<FrameBytes?> ReadAsync(FrameArchive archive, string file, CancellationToken cancellationToken)
    {
        if (archive.LengthOf(file) is not { } length || length > images.Value.MaxBytes) return null;
        var buffer = ArrayPool<byte>.Shared.Rent((int)length + 1);
        try
        {
            if (await archive.ReadAsync(file, buffer, (int)length + 1, cancellationToken) is { } read && read.Length == length)
                return new FrameBytes(buffer, (int)length);
        }
        catch (Exception exception) when (exception is InvalidDataException or UnauthorizedAccessException)
        {
            LogDamaged(file, exception.Message);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return null;
    }

    async Task FinishAsync(LeasedReplay replay, ReplayState state, string? error, CancellationToken cancellationToken)
    {
        if (!await ReplayLease.FinishAsync(database, replay.Id, Owner, state, error, Time.GetUtcNow(), cancellationToken)) return;
        await removal.RemoveArchiveAsync(replay.Source, cancellationToken);
        LogFinished(replay.Id, state);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Replay {Replay}: {Model} over {Frames} frames, {Done} done before")]
    partial void LogBegun(Guid replay, ModelRef model, int frames, int done);

    [LoggerMessage(Level = LogLevel.Information, Message = "Replay {Replay} {State}")]
    partial void LogFinished(Guid replay, ReplayState state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The old frame {File} cannot be read: {Reason}")]
    partial void LogDamaged(string file, string reason);
}
