using RetrainLoop.Inference.Deployments;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Requests;
using RetrainLoop.Inference.Sampling;
using RetrainLoop.Inference.Telemetry;

namespace RetrainLoop.Inference.Predict;

/// <summary>One image of a request on its way through one slot. It holds the model and the bytes until it ran or was abandoned.</summary>
sealed partial class FrameRun(
    PredictCall call, PredictFile file, ServingDeployment deployment, ModelSlot slot, LoadedModel model,
    TelemetryRecorder telemetry, Sampler sampler, TimeProvider time, ILogger logger) : FrameWork(time)
{
    readonly TaskCompletionSource<FrameResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<FrameResult> Completion => completion.Task;

    /// <summary>Counts an outcome that this run did not come to by itself.</summary>
    public void Record(RequestOutcome outcome)
    {
        if (!call.IsTrial) telemetry.Record(Key, FrameObservation.Unanswered(outcome));
    }

    protected override void Compute(Workbench workbench)
    {
        if (slot == ModelSlot.Shadow && deployment.Guard.IsOpen) return; // it stalled while this frame waited
        try
        {
            var result = Run(workbench, out var observation);
            if (!End()) return; // its caller was answered meanwhile
            completion.SetResult(result);
            if (slot == ModelSlot.Shadow && result.Outcome == RequestOutcome.Ok) deployment.Guard.Report(BreakerEvent.Succeeded);
            Account(workbench, result, observation);
        }
        catch (Exception exception)
        {
            LogFailed(exception, model.Info.Ref, slot, file.Name);
            completion.TrySetResult(FrameResult.Failed(model.Info.Ref, file.Name));
        }
    }

    // For an answer somebody waits, and gives up by himself; nobody waits for a shadow.
    protected override TimeSpan? LimitOf(ExecutionOptions options) => slot == ModelSlot.Shadow ? options.Stall : null;

    protected override void Overran(TimeSpan limit)
    {
        Record(RequestOutcome.Timeout);
        deployment.Guard.Report(BreakerEvent.Stalled);
    }

    protected override void Stopped() => completion.TrySetResult(new FrameResult(RequestOutcome.Overloaded, model.Info.Ref, null,
        StatusCodes.Status503ServiceUnavailable, "This instance is stopping. Send the frame again."));

    protected override void Release()
    {
        model.Release();
        file.Bytes.Release();
    }

    SeriesKey Key => new(deployment.Info.Name, model.Info.Ref, slot, call.Source.Region, call.Source.Camera);

    FrameResult Run(Workbench workbench, out FrameObservation observation)
    {
        // A shadow waits behind live frames, which tells nothing of its model.
        var (since, queueMs) = slot == ModelSlot.Shadow ? (Began, 0) : (call.Received, Time.GetElapsedTime(call.Received).TotalMilliseconds);
        try
        {
            workbench.Run(model.Detector, file.Bytes.Memory.Span, file.Name, Floor);
        }
        catch (BadImageException refusal)
        {
            observation = FrameObservation.Unanswered(RequestOutcome.BadInput);
            return new FrameResult(RequestOutcome.BadInput, model.Info.Ref, null, refusal.Status, refusal.Message);
        }
        catch (Exception exception)
        {
            if (!IsGivenUp) LogFailed(exception, model.Info.Ref, slot, file.Name);
            observation = FrameObservation.Unanswered(RequestOutcome.Failed);
            return FrameResult.Failed(model.Info.Ref, file.Name);
        }
        var selecting = Time.GetTimestamp();
        var counted = workbench.Select((float)deployment.Info.OperatingPoint, (float)PredictCall.DefaultIoU, null, model.Info.ClassNames);
        var answered = Answer(workbench, counted);
        var timings = new StageTimings(queueMs, workbench.DecodeMs, workbench.InferenceMs, Time.GetElapsedTime(selecting).TotalMilliseconds,
            slot == ModelSlot.Shadow ? 0 : call.Upload.TotalMilliseconds);
        var letterbox = workbench.Letterbox;
        observation = new FrameObservation(
            RequestOutcome.Ok, Time.GetElapsedTime(since).TotalMilliseconds, timings, counted, letterbox.ImageWidth, letterbox.ImageHeight, null);
        return new FrameResult(RequestOutcome.Ok, model.Info.Ref,
            new ImagePrediction(letterbox.ImageWidth, letterbox.ImageHeight, answered, Rounded(timings)));
    }

    // After the caller has its answer: statistics, telemetry and sampling cost it nothing.
    void Account(Workbench workbench, FrameResult result, in FrameObservation observation)
    {
        if (call.IsTrial) return;
        if (result.Outcome != RequestOutcome.Ok)
        {
            telemetry.Record(Key, observation);
            return;
        }
        var statistics = workbench.Statistics();
        telemetry.Record(Key, observation with { Statistics = statistics });
        if (slot == ModelSlot.Shadow) return;
        var detections = Band >= deployment.Info.OperatingPoint
            ? observation.Detections
            : workbench.Select((float)Band, (float)PredictCall.DefaultIoU, null, model.Info.ClassNames);
        sampler.Consider(deployment.Info, new FrameContent(model.Info.Ref, detections, observation.Width, observation.Height, statistics),
            new RequestOrigin(call.RequestId, deployment.Info.Name, model.Info.Ref, slot, call.Source, file.File), file.Bytes, workbench);
    }

    Detection[] Answer(Workbench workbench, Detection[] counted)
    {
        if (call.Classes is not null || call.IoU != (float)PredictCall.DefaultIoU || call.Confidence < deployment.Info.OperatingPoint)
            return workbench.Select(call.Confidence, call.IoU, call.ClassesOf(model.Info.ClassNames), model.Info.ClassNames);
        return call.Confidence > deployment.Info.OperatingPoint ? [.. counted.Where(detection => detection.Confidence > call.Confidence)] : counted;
    }

    double Band => deployment.Info.Sampling.BandLow;

    float Floor => (float)Math.Min(call.Confidence, Math.Min(deployment.Info.OperatingPoint, Band));

    static StageTimings Rounded(StageTimings timings) => new(
        Math.Round(timings.Queue, 3), Math.Round(timings.Decode, 3), Math.Round(timings.Inference, 3), Math.Round(timings.Postprocess, 3),
        Math.Round(timings.Upload, 3));

    [LoggerMessage(Level = LogLevel.Error, Message = "{Model} in slot {Slot} failed on {File}")]
    partial void LogFailed(Exception exception, ModelRef model, ModelSlot slot, string file);
}
