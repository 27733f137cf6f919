using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Models;
using RetrainLoop.Inference.Replays.Archives;
using RetrainLoop.Inference.Telemetry;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Inference.Replays;

/// <summary>
/// Works on replays, one at a time per replica, chunk by chunk in the order of time, on worker time that live frames leave free. A chunk is marked
/// done after Monitor has counted it; one that is sent again after a crash has the same number, and Monitor counts each number once.
/// </summary>
sealed partial class ReplayRunner(
    NpgsqlDataSource database, LoadedModels models, FrameQueue queue, BlobStore blobs, ReplayIntake intake, ReplayRemoval removal,
    ExecutionProvider provider, IOptions<ReplayOptions> options, IOptions<ImageOptions> images, TimeProvider time, ILogger<ReplayRunner> logger)
    : BackgroundService
{
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
                while (await ReplayLease.ClaimAsync(database, owner, time.GetUtcNow(), Lease, stoppingToken) is { } replay)
                    await RunAsync(replay, stoppingToken);
                await removal.RemoveExpiredAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or HttpRequestException or BlobStorageException)
            {
                LogWaiting(exception.Message); // the lease runs out, then somebody goes on
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogBroken(exception); // whatever it is, the service answers on
            }
        }
    }

    async Task RunAsync(LeasedReplay replay, CancellationToken stoppingToken)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var renewing = RenewAsync(replay.Id, lost);
        try
        {
            LogBegun(replay.Id, replay.Model, replay.Frames, replay.Done);
            await PlayAsync(replay, lost.Token);
            await FinishAsync(replay, ReplayState.Succeeded, null, stoppingToken);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            LogLost(replay.Id);
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not NpgsqlException)
        {
            LogFailed(exception, replay.Id);
            await FinishAsync(replay, ReplayState.Failed, exception.Message, stoppingToken);
        }
        finally
        {
            await lost.CancelAsync();
            await renewing;
        }
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
        await intake.SendAsync(replay.Id, ReplayBatch.Of(replay, chunk, observations, ahead.ElementAtOrDefault(replay.ChunkSize), time.GetUtcNow()),
            cancellationToken);
        var after = replay with
        {
            Done = replay.Done + chunk.Count, Unreadable = replay.Unreadable + observations.Count(seen => seen.Outcome == RequestOutcome.BadInput),
        };
        return await ReplayLease.AdvanceAsync(database, replay.Id, owner, after.Done, after.Unreadable, cancellationToken)
            ? after : throw new OperationCanceledException("The replay was cancelled, deleted or taken over.");
    }

    async Task<FrameObservation> ObserveAsync(
        FrameArchive archive, string file, LoadedModel model, double operatingPoint, CancellationToken cancellationToken)
    {
        if (await ReadAsync(archive, file, cancellationToken) is not { } bytes) return FrameObservation.Unanswered(RequestOutcome.BadInput);
        var frame = new ReplayFrame(file, bytes, model, operatingPoint, time, logger);
        if (!queue.TryAddBackground(frame, int.MaxValue)) frame.Abandon();
        return await frame.Completion;
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
        if (!await ReplayLease.FinishAsync(database, replay.Id, owner, state, error, time.GetUtcNow(), cancellationToken)) return;
        await removal.RemoveArchiveAsync(replay.Source, cancellationToken);
        LogFinished(replay.Id, state);
    }

    async Task RenewAsync(Guid replay, CancellationTokenSource lost)
    {
        using var timer = new PeriodicTimer(Lease / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(lost.Token))
                if (!await ReplayLease.RenewAsync(database, replay, owner, time.GetUtcNow() + Lease, lost.Token)) await lost.CancelAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or NpgsqlException or TimeoutException)
        {
            // Finished, or the database is away: then marking the next chunk decides.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Replay {Replay}: {Model} over {Frames} frames, {Done} done before")]
    partial void LogBegun(Guid replay, ModelRef model, int frames, int done);

    [LoggerMessage(Level = LogLevel.Information, Message = "Replay {Replay} {State}")]
    partial void LogFinished(Guid replay, ReplayState state);

    [LoggerMessage(Level = LogLevel.Information, Message = "Replay {Replay} was cancelled, deleted or taken over")]
    partial void LogLost(Guid replay);

    [LoggerMessage(Level = LogLevel.Error, Message = "Replay {Replay} failed")]
    partial void LogFailed(Exception exception, Guid replay);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The old frame {File} cannot be read: {Reason}")]
    partial void LogDamaged(string file, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Replays wait ({Reason})")]
    partial void LogWaiting(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Replays wait")]
    partial void LogBroken(Exception exception);
}
