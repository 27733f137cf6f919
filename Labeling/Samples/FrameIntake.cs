using System.Net;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Labeling.Deployments;
using RetrainLoop.Labeling.Images;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Labeling.Samples;

/// <summary>Takes sampled frames in, each in a transaction of its own, so that a call that breaks off keeps what it did and can be repeated.</summary>
sealed partial class FrameIntake(
    NpgsqlDataSource database, BlobStore blobs, IOptions<SampleOptions> samples, IOptions<SplitOptions> splits, TimeProvider time, ChangeNudge nudge,
    ILogger<FrameIntake> logger)
{
    /// <param name="deployments">Every deployment that the frames name.</param>
    public async Task<SampleIntakeResult> TakeAsync(
        IReadOnlyList<SampledFrame> frames, IReadOnlyDictionary<string, Deployment> deployments, CancellationToken cancellationToken)
    {
        int accepted = 0, known = 0;
        var refused = new Dictionary<string, string>();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var frame in frames)
        {
            var earlier = await Frame.EarlierAsync(connection, frame.Id, cancellationToken);
            if (earlier.Known)
            {
                known++;
                continue;
            }
            var refusal = earlier.Refusal ?? await TakeAsync(connection, frame, deployments[frame.Deployment], cancellationToken);
            if (refusal is null)
            {
                accepted++;
                continue;
            }
            refused[frame.Id.ToString()] = refusal;
            if (earlier.Refusal is not null) continue;
            await Frame.RefuseAsync(connection, frame, refusal, time.GetUtcNow(), cancellationToken);
            LogRefused(frame.Id, frame.Deployment, refusal);
        }
        if (accepted > 0) nudge.Changed();
        return new SampleIntakeResult(accepted, known, refused);
    }

    async Task<string?> TakeAsync(NpgsqlConnection connection, SampledFrame frame, Deployment deployment, CancellationToken cancellationToken)
    {
        var side = deployment.SideOf(frame.Camera, frame.CapturedAt, splits.Value);
        if (IntakePolicy.RefuseByPlace(frame.Reason, side) is { } misplaced) return misplaced;
        var (image, problem) = await CopyAsync(frame, cancellationToken);
        if (image is null) return problem;
        var refusal = await TakeAsync(connection, frame, deployment, side, image, cancellationToken);
        if (refusal is not null && !await HeldImage.ExistsAsync(connection, image.Sha256, cancellationToken))
            await blobs.DeleteAsync(image.Sha256, cancellationToken);
        return refusal;
    }

    async Task<string?> TakeAsync(
        NpgsqlConnection connection, SampledFrame frame, Deployment deployment, FrameSide side, ArtifactRef image,
        CancellationToken cancellationToken)
    {
        var (picture, damage) = Picture.Read(await blobs.ReadAsync(image.Sha256, cancellationToken));
        if (picture is null) return $"Its picture {damage}.";
        var held = await Frame.LookalikesAsync(connection, frame, picture.DifferenceHash, samples.Value, cancellationToken);
        if (IntakePolicy.RefuseByLikeness(side, held) is { } alike) return alike;
        await InsertAsync(connection, frame, deployment, side, image, picture, cancellationToken);
        return null;
    }

    async Task InsertAsync(
        NpgsqlConnection connection, SampledFrame frame, Deployment deployment, FrameSide side, ArtifactRef image, Picture picture,
        CancellationToken cancellationToken)
    {
        var split = deployment.SplitOf(frame.Camera, frame.CapturedAt, splits.Value);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await Frame.InsertAsync(transaction, frame, side, split, image, picture, time.GetUtcNow(), cancellationToken)) return;
        var accepted = new SampleAccepted(
            frame.Id, frame.Deployment, new ManifestImage(frame.Id.ToString(), image), frame.Model, frame.Reason, frame.CapturedAt.ToUniversalTime());
        await ChangeFeed.AppendAsync(
            connection, transaction, ChangeKinds.SampleAccepted, frame.Id.ToString(), accepted, time.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    async Task<(ArtifactRef? Image, string? Problem)> CopyAsync(SampledFrame frame, CancellationToken cancellationToken)
    {
        try
        {
            return (await blobs.FetchAsync(frame.Image, cancellationToken), null);
        }
        catch (HttpRequestException exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return (null, "Its picture is no longer where the frame says; it expired there before it was copied.");
        }
        catch (InvalidDataException exception)
        {
            return (null, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Frame {Frame} of {Deployment} is refused: {Reason}")]
    partial void LogRefused(Guid frame, string deployment, string reason);
}
