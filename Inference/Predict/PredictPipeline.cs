using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Deployments;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Models;
using RetrainLoop.Inference.Sampling;
using RetrainLoop.Inference.Telemetry;

namespace RetrainLoop.Inference.Predict;

/// <summary>Takes an image through the slot that traffic split and breaker choose; when a candidate fails or stalls, the champion answers.</summary>
sealed class PredictPipeline(
    DeploymentDirectory directory, ResizedModels resized, FrameQueue queue, TelemetryRecorder telemetry, Sampler sampler,
    IOptions<ExecutionOptions> execution, IOptions<PredictOptions> options, TimeProvider time, ILogger<PredictPipeline> logger)
{
    /// <summary>Takes the images of a request through one model: when the champion stands in for the candidate on one of them, or the models change
    /// meanwhile, the images that another model answered are answered again.</summary>
    /// <param name="slot">One decision for all images of a request.</param>
    public async Task<FrameResult[]> RunAsync(
        ServingDeployment deployment, ModelSlot slot, PredictCall call, IReadOnlyList<PredictFile> files, CancellationToken cancellationToken)
    {
        if (files.Count == 1) return [await RunAsync(deployment, slot, call, files[0], cancellationToken)];
        var results = await Task.WhenAll(files.Select(file => RunAsync(deployment, slot, call, file, cancellationToken)));
        while (Array.TrueForAll(results, result => result.Outcome == RequestOutcome.Ok)
            && Array.Exists(results, result => result.Model != results[0].Model))
        {
            var current = directory.Find(deployment.Info.Name) ?? deployment;
            await Task.WhenAll(Enumerable.Range(0, files.Count).Where(i => results[i].Model != current.Info.Champion)
                .Select(async i => results[i] = await RunOnAsync(current, ModelSlot.Champion, call, files[i], cancellationToken)));
        }
        return results;
    }

    /// <param name="slot">One decision for all images of a request.</param>
    public async Task<FrameResult> RunAsync(
        ServingDeployment deployment, ModelSlot slot, PredictCall call, PredictFile file, CancellationToken cancellationToken)
    {
        if (slot == ModelSlot.Champion)
        {
            if (deployment.Shadows && !call.IsTrial) Shadow(deployment, call, file);
            return await RunOnAsync(deployment, ModelSlot.Champion, call, file, cancellationToken);
        }
        var result = await RunOnAsync(deployment, ModelSlot.Candidate, call, file, cancellationToken);
        if (result.Model == deployment.Champion.Info.Ref) return result; // it stood in: nothing is learned of the candidate
        if (EventOf(result) is { } outcome) deployment.Guard.Report(outcome);
        return result.Outcome is RequestOutcome.Failed or RequestOutcome.Timeout && TimeLeft(call) > TimeSpan.Zero
            ? await RunOnAsync(deployment, ModelSlot.Champion, call, file, cancellationToken)
            : result;
    }

    /// <summary>Counts a request that never came to an image.</summary>
    public void Record(ServingDeployment deployment, PredictCall call, RequestOutcome outcome) =>
        Record(deployment, deployment.Info.Champion, ModelSlot.Champion, call, outcome);

    void Record(ServingDeployment deployment, ModelRef model, ModelSlot slot, PredictCall call, RequestOutcome outcome)
    {
        if (call.IsTrial) return;
        telemetry.Record(
            new SeriesKey(deployment.Info.Name, model, slot, call.Source.Region, call.Source.Camera), FrameObservation.Unanswered(outcome));
    }

    async Task<FrameResult> RunOnAsync(ServingDeployment deployment, ModelSlot slot, PredictCall call, PredictFile file,
        CancellationToken cancellationToken)
    {
        var (serving, model) = Acquire(deployment, slot);
        if (model == serving.Champion) slot = ModelSlot.Champion;
        try
        {
            if (call.ImageSize is { } size) model = await resized.InsteadOfAsync(model, size, cancellationToken);
        }
        catch (Exception exception) when (slot == ModelSlot.Candidate
            && exception is UnservableModelException or TimeoutException or IOException)
        {
            return await RunOnAsync(deployment, ModelSlot.Champion, call, file, cancellationToken); // a caller's size is no mark against the candidate
        }
        catch (TimeoutException busy)
        {
            Record(serving, model.Info.Ref, slot, call, RequestOutcome.Overloaded);
            return new FrameResult(RequestOutcome.Overloaded, model.Info.Ref, null, StatusCodes.Status503ServiceUnavailable, busy.Message);
        }
        catch (IOException away)
        {
            Record(serving, model.Info.Ref, slot, call, RequestOutcome.Failed);
            return new FrameResult(RequestOutcome.Failed, model.Info.Ref, null, StatusCodes.Status503ServiceUnavailable, away.Message);
        }
        catch (UnservableModelException refusal)
        {
            Record(serving, model.Info.Ref, slot, call, RequestOutcome.BadInput);
            return new FrameResult(RequestOutcome.BadInput, model.Info.Ref, null, StatusCodes.Status400BadRequest, refusal.Message);
        }
        var run = Begin(serving, slot, model, call, file);
        if (queue.TryAdd(serving.Info.Name, run)) return await WaitAsync(run, slot, call, model.Info.Ref, cancellationToken);
        run.Record(RequestOutcome.Overloaded);
        run.Abandon();
        return FrameResult.Overloaded(model.Info.Ref, serving.Info.Name);
    }

    void Shadow(ServingDeployment deployment, PredictCall call, PredictFile file)
    {
        if (deployment.Candidate is not { } candidate || !deployment.Guard.Allows() || !candidate.TryAcquire()) return;
        var run = Begin(deployment, ModelSlot.Shadow, candidate, call, file);
        if (!queue.TryAddShadow(run, options.Value.ShadowBacklog)) run.Abandon();
    }

    FrameRun Begin(ServingDeployment deployment, ModelSlot slot, LoadedModel model, PredictCall call, PredictFile file) =>
        new(call, file with { Bytes = file.Bytes.Retain() }, deployment, slot, model, telemetry, sampler, time, logger);

    // A deployment that was just replaced lets its models go: then the new one is asked. Its champion stands in for a candidate that is gone.
    (ServingDeployment Deployment, LoadedModel Model) Acquire(ServingDeployment deployment, ModelSlot slot)
    {
        while (true)
        {
            var model = slot == ModelSlot.Candidate ? deployment.Candidate ?? deployment.Champion : deployment.Champion;
            if (model.TryAcquire()) return (deployment, model);
            deployment = directory.Find(deployment.Info.Name)!;
        }
    }

    async Task<FrameResult> WaitAsync(FrameRun run, ModelSlot slot, PredictCall call, ModelRef model, CancellationToken cancellationToken)
    {
        while (true)
        {
            var left = TimeLeft(call);
            var untilStall = execution.Value.Stall - run.Computing;
            var patience = slot == ModelSlot.Candidate && untilStall < left ? untilStall : left;
            if (patience > TimeSpan.Zero && await CompletesAsync(run, patience, cancellationToken)) return await run.Completion;
            if (TimeLeft(call) > TimeSpan.Zero && (slot != ModelSlot.Candidate || run.Computing < execution.Value.Stall)) continue;
            var stalled = execution.Value.IsStall(run.Computing);
            if (!run.Expire()) return await run.Completion;
            run.Record(RequestOutcome.Timeout);
            return FrameResult.TimedOut(model, execution.Value.Deadline, stalled);
        }
    }

    async Task<bool> CompletesAsync(FrameRun run, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await run.Completion.WaitAsync(patience, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            run.Expire(); // nobody waits for it any more
            throw;
        }
    }

    TimeSpan TimeLeft(PredictCall call) => execution.Value.Deadline - time.GetElapsedTime(call.Received);

    static BreakerEvent? EventOf(FrameResult result) => result switch
    {
        { Outcome: RequestOutcome.Ok } => BreakerEvent.Succeeded,
        { Outcome: RequestOutcome.Failed } => BreakerEvent.Failed,
        { Outcome: RequestOutcome.Timeout, Stalled: true } => BreakerEvent.Stalled,
        _ => null,
    };
}
