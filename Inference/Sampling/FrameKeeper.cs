using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Blobs;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Requests;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Inference.Sampling;

/// <summary>
/// Writes sampled frames off the hot path: bytes without location to the blob store, then row and change in one transaction. While database or
/// storage are away, frames wait. When writing cannot keep up, frames are not kept: predictions never wait for it. Those for embeddings alone are the
/// first that it does without.
/// </summary>
sealed partial class FrameKeeper(
    NpgsqlDataSource database, BlobStore blobs, ByteBudget budget, ChangeNudge nudge, IOptions<SamplingOptions> options, IOptions<ImageOptions> images,
    TimeProvider time,
    ILogger<FrameKeeper> logger) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    readonly Channel<KeptFrame> frames = Channel.CreateBounded<KeptFrame>(new BoundedChannelOptions(options.Value.Backlog) { SingleReader = true });

    // What waits holds memory that requests need: most is left to them, whatever the options say.
    long MostWaiting => Math.Min(options.Value.BacklogMegabytes * 1_000_000L, budget.Most / 4);

    long waitingBytes;
    int lost;

    /// <summary>Takes a frame for writing; its bytes are retained until then.</summary>
    public void Keep(KeptFrame kept)
    {
        kept.Bytes.Retain();
        var fits = HasRoom(Interlocked.Add(ref waitingBytes, kept.Bytes.Held), kept.Bytes.Held, MostWaiting);
        if (fits && HasRoom(kept.Frame.Reason, frames.Reader.Count, options.Value.Backlog) && frames.Writer.TryWrite(kept)) return;
        Release(kept);
        if (Interlocked.Increment(ref lost) == 1) LogNotKept(kept.Frame.Deployment, kept.Frame.Camera);
    }

    /// <param name="bytes">Of all that wait, with the frame in question. A frame that alone is more waits alone.</param>
    internal static bool HasRoom(long bytes, long own, long most) => bytes <= most || bytes == own;

    /// <param name="waiting">Frames that wait to be written.</param>
    internal static bool HasRoom(SampleReason reason, int waiting, int backlog) =>
        waiting < (reason == SampleReason.EmbeddingOnly ? backlog / 2 + 1 : backlog);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var decoder = new ImageDecoder(images.Value);
        await foreach (var kept in frames.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await WriteAsync(kept, decoder, stoppingToken);
            }
            finally
            {
                Release(kept);
            }
        }
    }

    void Release(KeptFrame kept)
    {
        Interlocked.Add(ref waitingBytes, -kept.Bytes.Held);
        kept.Bytes.Release();
    }

    async Task WriteAsync(KeptFrame kept, ImageDecoder decoder, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await PublishAsync(kept, LocationStripper.Strip(kept.Bytes.Memory.Span, decoder), cancellationToken);
                if (attempt > 1) LogGoesOn();
                if (Interlocked.Exchange(ref lost, 0) is > 0 and var frames) LogLost(frames);
                return;
            }
            catch (Exception exception) when (Outage.Explains(exception))
            {
                if (attempt == 1) LogWaiting(exception.Message);
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                LogFailed(exception, kept.Frame.Deployment);
                return;
            }
        }
    }

    async Task PublishAsync(KeptFrame kept, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var image = await blobs.PutAsync(bytes, (sha256, stop) => BlobUse.HoldAsync(transaction, sha256, stop), cancellationToken);
        var frame = kept.Frame with { Image = image };
        if (!await SampledFrameSql.InsertAsync(connection, transaction, frame, cancellationToken)) return; // only the answer was lost
        if (frame.Reason == SampleReason.EmbeddingOnly)
        {
            await transaction.CommitAsync(cancellationToken);
            return;
        }
        await ChangeFeed.AppendAsync(connection, transaction, ChangeKinds.FrameSampled, frame.Id.ToString(), frame, frame.SampledAt,
            cancellationToken);
        var sampled = kept.Request.Remember(
            RequestOutcome.Ok, StatusCodes.Status200OK, $"Sampled: {frame.Reason}.", frame.Id, frame.SampledAt);
        await RequestSql.AddAsync(connection, transaction, sampled, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        nudge.Changed();
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Deployment}: a sampled frame of {Camera} was not kept: too many wait to be written. Further ones are only counted")]
    partial void LogNotKept(string deployment, string camera);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Frames} sampled frames were not kept, because too many waited to be written")]
    partial void LogLost(int frames);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sampled frames wait for the database or the blob storage ({Reason})")]
    partial void LogWaiting(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sampled frames are written again")]
    partial void LogGoesOn();

    [LoggerMessage(Level = LogLevel.Error, Message = "{Deployment}: a sampled frame could not be written")]
    partial void LogFailed(Exception exception, string deployment);
}
