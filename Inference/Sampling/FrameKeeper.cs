using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Requests;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Inference.Sampling;

/// <summary>
/// Writes sampled frames off the hot path: bytes without location to the blob store, then row and change in one transaction. When writing cannot
/// keep up, frames are not kept: predictions never wait for it. Those for embeddings alone are the first that it does without.
/// </summary>
sealed partial class FrameKeeper(
    NpgsqlDataSource database, BlobStore blobs, ChangeNudge nudge, IOptions<SamplingOptions> options, IOptions<ImageOptions> images,
    TimeProvider time,
    ILogger<FrameKeeper> logger) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    readonly Channel<KeptFrame> frames = Channel.CreateBounded<KeptFrame>(new BoundedChannelOptions(options.Value.Backlog) { SingleReader = true });

    /// <summary>Takes a frame for writing; its bytes are retained until then.</summary>
    public void Keep(KeptFrame kept)
    {
        kept.Bytes.Retain();
        if (HasRoom(kept.Frame.Reason, frames.Reader.Count, options.Value.Backlog) && frames.Writer.TryWrite(kept)) return;
        kept.Bytes.Release();
        LogNotKept(kept.Frame.Deployment, kept.Frame.Camera);
    }

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
                kept.Bytes.Release();
            }
        }
    }

    async Task WriteAsync(KeptFrame kept, ImageDecoder decoder, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var image = await blobs.PutAsync(LocationStripper.Strip(kept.Bytes.Memory.Span, decoder), cancellationToken);
                await PublishAsync(kept.Frame with { Image = image }, kept.Request, cancellationToken);
                return;
            }
            catch (NpgsqlException exception) when (exception.IsTransient)
            {
                LogWaiting(exception.Message);
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                LogFailed(exception, kept.Frame.Deployment);
                return;
            }
        }
    }

    async Task PublishAsync(SampledFrame frame, RequestOrigin request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await SampledFrameSql.InsertAsync(connection, transaction, frame, cancellationToken);
        if (frame.Reason == SampleReason.EmbeddingOnly)
        {
            await transaction.CommitAsync(cancellationToken);
            return;
        }
        await ChangeFeed.AppendAsync(connection, transaction, ChangeKinds.FrameSampled, frame.Id.ToString(), frame, frame.SampledAt,
            cancellationToken);
        var sampled = request.Remember(
            RequestOutcome.Ok, StatusCodes.Status200OK, $"Sampled: {frame.Reason}.", frame.Id, frame.SampledAt);
        await RequestSql.AddAsync(connection, transaction, sampled, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        nudge.Changed();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Deployment}: a sampled frame of {Camera} was not kept: too many wait to be written")]
    partial void LogNotKept(string deployment, string camera);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sampled frames wait for the database ({Reason})")]
    partial void LogWaiting(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Deployment}: a sampled frame could not be written")]
    partial void LogFailed(Exception exception, string deployment);
}
