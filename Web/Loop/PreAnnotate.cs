using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Web.Loop.Feeds;
using RetrainLoop.Web.Loop.PreAnnotations;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>
/// Labeling's accepted samples -> a detection job of the champion -> Labeling, which makes ranked tasks of them. One batch per deployment is on its way
/// at a time; what comes meanwhile makes the next one.
/// </summary>
public sealed partial class PreAnnotate(
    ArrowLock turns, Feed feed, PreAnnotationBatches batches, NpgsqlDataSource database, InferenceClient inference, LabelingClient labeling,
    IOptions<LoopOptions> options, ILogger<PreAnnotate> logger) : Arrow(turns)
{
    public static readonly IReadOnlyList<string> Kinds = [ChangeKinds.SampleAccepted];
    const int Attempts = 3;

    protected override async Task<string> TurnAsync(CancellationToken cancellationToken)
    {
        var said = new List<string>();
        foreach (var batch in await batches.OpenAsync(cancellationToken)) said.Add(await ContinueAsync(batch, cancellationToken));
        while ((await batches.OpenAsync(cancellationToken)).Count == 0 && await TakeAsync(cancellationToken))
            foreach (var batch in await batches.OpenAsync(cancellationToken)) said.Add(await ContinueAsync(batch, cancellationToken));
        return said.Count == 0 ? "Nothing to do." : string.Join(" ", said);
    }

    /// <summary>Makes a batch per deployment of the next page, in the transaction that moves the cursor.</summary>
    async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        var page = await feed.ReadAsync("labeling", Name, Kinds, options.Value.PreAnnotationBatch, cancellationToken);
        if (page.Changes.Count == 0) return false;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var samples in page.Changes.Select(change => change.Read<SampleAccepted>()).GroupBy(sample => sample.Deployment))
            await batches.AddAsync(connection, transaction, samples.Key, [.. samples.Select(sample => sample.Image)], cancellationToken);
        await feed.AdvanceAsync(connection, transaction, "labeling", Name, page.Next, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    async Task<string> ContinueAsync(PreAnnotationBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Model is null)
            batch = await batches.PinModelAsync(batch, (await inference.DeploymentAsync(batch.Deployment, cancellationToken)).Champion, cancellationToken);
        var job = await inference.StartDetectionJobAsync(
            new DetectionJobRequest(
                $"pre-annotate:{batch.Id}:{batch.Attempt}", batch.Model!, "pre-annotate", batch.Deployment, Images: batch.Images,
                Confidence: options.Value.PreAnnotationConfidence),
            cancellationToken);
        switch (job.State)
        {
            case DetectionJobState.Succeeded:
                await labeling.TakePreAnnotationAsync(
                    new PreAnnotation($"pre-annotate:{batch.Id}", batch.Deployment, batch.Model!, job.Result!), cancellationToken);
                await batches.RemoveAsync(batch, cancellationToken);
                return $"{batch.Deployment}: {batch.Images.Count} frames pre-annotated by {batch.Model}.";
            case DetectionJobState.Failed or DetectionJobState.Cancelled when batch.Attempt >= Attempts:
                LogGivenUp(batch.Id, batch.Images.Count, batch.Deployment, job.Error);
                await batches.GiveUpAsync(batch, job.Error ?? $"{job.State}", cancellationToken);
                return $"{batch.Deployment}: {batch.Images.Count} frames could not be pre-annotated: {job.Error}";
            case DetectionJobState.Failed or DetectionJobState.Cancelled:
                await batches.RetryAsync(batch, job.Error ?? $"{job.State}", cancellationToken);
                return $"{batch.Deployment}: pre-annotation starts over: {job.Error}";
            default:
                return $"{batch.Deployment}: {job.Done} of {job.Total} frames.";
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Batch {Batch} of {Count} frames of {Deployment} cannot be pre-annotated: {Reason}")]
    partial void LogGivenUp(Guid batch, int count, string deployment, string? reason);
}
