using System.Net;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages.Label;

public enum DraftState { Saved, Unsaved, Failed }

/// <summary>
/// One person's work on one frame at a time: claims it, keeps the lease alive, saves drafts, submits. Calls never overtake each other, so
/// the ETag in hand is always the newest. Whatever a service refuses, the boxes on the page stay.
/// </summary>
public sealed class LabelSession(LabelingClient labeling, TimeProvider time) : IDisposable
{
    /// <summary>A lease is renewed when this much of it is gone.</summary>
    const double RenewAfter = 0.4;
    /// <summary>A person rather learns that a service is away than waits longer.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    readonly SemaphoreSlim turn = new(1);
    DateTimeOffset renewed;
    bool away;

    public LabelTask? Task { get; private set; }
    /// <summary>Null until the queue was asked.</summary>
    public QueueInfo? Queue { get; private set; }
    public DraftState Draft { get; private set; }
    /// <summary>What the person must know, in a sentence; null when all is well.</summary>
    public string? Notice { get; private set; }
    /// <summary>The frame went back to the queue: nothing can be saved to it any more.</summary>
    public bool Lost { get; private set; }
    public int Submitted { get; private set; }

    public TimeSpan LeaseLeft => Task?.LeaseUntil is { } until && until > time.GetUtcNow() ? until - time.GetUtcNow() : TimeSpan.Zero;

    /// <summary>Takes up a frame that the person still holds, else the most useful waiting one. Afterwards <see cref="Task"/> is null when there is none.</summary>
    public Task ClaimAsync(Guid? held, string? deployment, string actor, CancellationToken cancellationToken) => InTurnAsync(async limited =>
    {
        var task = held is { } id ? await labeling.FindTaskAsync(id, actor, limited) : null;
        if (task?.Lease is null || task.State != LabelTaskState.Leased) task = await labeling.ClaimAsync(new ClaimRequest(deployment), actor, limited);
        Take(task);
        (Lost, Draft, Notice) = (false, DraftState.Saved, null);
        Queue = await labeling.QueueAsync(limited, deployment);
    }, cancellationToken);

    public void MarkUnsaved() => Draft = DraftState.Unsaved;

    public Task SaveDraftAsync(IReadOnlyList<LabelBox> boxes, string actor, CancellationToken cancellationToken) => InTurnAsync(async limited =>
    {
        if (Lost || Task is not { Lease: { } lease } task) return;
        Draft = DraftState.Failed;
        Take(await labeling.SaveDraftAsync(task.Id, new LabelSubmission(lease, boxes), actor, limited));
        (Draft, Notice) = (DraftState.Saved, null);
    }, cancellationToken);

    /// <returns>True when the frame is done.</returns>
    public async Task<bool> SubmitAsync(IReadOnlyList<LabelBox> boxes, string actor, CancellationToken cancellationToken)
    {
        var done = false;
        await InTurnAsync(async limited =>
        {
            if (Lost || Task is not { Lease: { } lease } task) return;
            await labeling.SubmitAsync(task.Id, new LabelSubmission(lease, boxes), task.ETag, actor, limited);
            (done, Notice) = (true, null);
            Take(null);
            Submitted++;
        }, cancellationToken, actor);
        return done;
    }

    /// <returns>True when the frame is off the person's hands.</returns>
    public async Task<bool> SkipAsync(string reason, string actor, CancellationToken cancellationToken)
    {
        var done = false;
        await InTurnAsync(async limited =>
        {
            if (Lost || Task is not { Lease: { } lease } task) return;
            await labeling.SkipAsync(task.Id, lease, reason, actor, limited);
            (done, Notice) = (true, null);
            Take(null);
        }, cancellationToken);
        return done;
    }

    /// <summary>Renews the lease when it is time, and reads how full the queue is.</summary>
    public Task TickAsync(string? deployment, string actor, CancellationToken cancellationToken) => InTurnAsync(async limited =>
    {
        if (!Lost && Task is { Lease: { } lease, LeaseUntil: { } until } task && time.GetUtcNow() - renewed > (until - renewed) * RenewAfter)
            Take(await labeling.HeartbeatAsync(task.Id, lease, actor, limited));
        Queue = await labeling.QueueAsync(limited, deployment);
        if (!away) return;
        (away, Notice) = (false, null);
    }, cancellationToken);

    void Take(LabelTask? task)
    {
        Task = task;
        renewed = time.GetUtcNow();
    }

    async Task InTurnAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken, string? submitter = null)
    {
        await turn.WaitAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = time.CreateTimer(_ => limit.Cancel(), null, Patience, Timeout.InfiniteTimeSpan);
        try
        {
            await call(limit.Token);
        }
        catch (StackException exception)
        {
            await ExplainAsync(exception, submitter, cancellationToken);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            await ExplainAsync(new StackException("labeling", null, "it took too long", exception), submitter, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    async Task ExplainAsync(StackException exception, string? submitter, CancellationToken cancellationToken)
    {
        away = exception.IsAway;
        Lost |= exception.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound && Task is not null;
        Notice = exception switch
        {
            _ when Lost => $"This frame is no longer yours: {exception.Detail} Your boxes stay here to look at, and come back as your draft if you get the frame again.",
            { StatusCode: HttpStatusCode.PreconditionFailed } => "This frame was changed in another window of yours. Your boxes are kept; submit once more to put them in its place.",
            { IsAway: true } => "Labeling does not answer. Your boxes are kept on this page and saved as soon as it is back.",
            _ => exception.Detail,
        };
        if (exception.StatusCode == HttpStatusCode.PreconditionFailed && submitter is not null) await LearnETagAsync(submitter, cancellationToken);
    }

    async Task LearnETagAsync(string submitter, CancellationToken cancellationToken)
    {
        try
        {
            if (Task is { } task && await labeling.FindTaskAsync(task.Id, submitter, cancellationToken) is { Lease: not null } newest) Take(newest);
        }
        catch (StackException)
        {
            // the next submit is refused once more and asks again
        }
    }

    public void Dispose() => turn.Dispose();
}
