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
    TelemetryRecorder telemetry, Sampler sampler, TimeProvider time, ILogger logger) : FrameWork
{
    const int Waiting = 0, Running = 1, Finished = 2, Expired = 3;
    readonly TaskCompletionSource<FrameResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Lock gate = new();
    int state;
    long began;
    Workbench? bench;

    public Task<FrameResult> Completion => completion.Task;

    /// <summary>How long it has been computing; zero while it waits.</summary>
    public TimeSpan Computing => Volatile.Read(ref began) is var since and not 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    public override void Execute(Workbench workbench)
    {
        try
        {
            if (!Begin(workbench)) return;
            var result = Run(workbench, out var observation);
            if (!End(workbench)) return; // its caller was answered meanwhile
            completion.SetResult(result);
            Account(workbench, result, observation);
        }
        catch (Exception exception)
        {
            LogFailed(exception, model.Info.Ref, slot, file.Name);
            completion.TrySetResult(FrameResult.Failed(model.Info.Ref, file.Name));
        }
        finally
        {
            Release();
        }
    }

    public override void Abandon()
    {
        completion.TrySetResult(new FrameResult(RequestOutcome.Overloaded, model.Info.Ref, null, StatusCodes.Status503ServiceUnavailable,
            "This instance is stopping. Send the frame again."));
        Release();
    }

    /// <summary>Gives the frame up: one that waits is not begun, one that computes is ended.</summary>
    /// <returns>False when it has finished.</returns>
    public bool Expire()
    {
        lock (gate)
        {
            if (state == Finished) return false;
            state = Expired;
            bench?.Interrupt();
            return true;
        }
    }

    /// <summary>Counts an outcome that this run did not come to by itself.</summary>
    public void Record(RequestOutcome outcome) => telemetry.Record(Key, FrameObservation.Unanswered(outcome));

    SeriesKey Key => new(deployment.Info.Name, model.Info.Ref, slot, call.Source.Region, call.Source.Camera);

    bool Begin(Workbench workbench)
    {
        lock (gate)
        {
            if (state != Waiting) return false;
            state = Running;
            bench = workbench;
            Volatile.Write(ref began, time.GetTimestamp());
            return true;
        }
    }

    bool End(Workbench workbench)
    {
        lock (gate)
        {
            bench = null;
            workbench.Resume();
            if (state == Expired) return false;
            state = Finished;
            return true;
        }
    }

    FrameResult Run(Workbench workbench, out FrameObservation observation)
    {
        var queueMs = time.GetElapsedTime(call.Received).TotalMilliseconds;
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
            if (Volatile.Read(ref state) == Running) LogFailed(exception, model.Info.Ref, slot, file.Name);
            observation = FrameObservation.Unanswered(RequestOutcome.Failed);
            return FrameResult.Failed(model.Info.Ref, file.Name);
        }
        var selecting = time.GetTimestamp();
        var counted = workbench.Select((float)deployment.Info.OperatingPoint, (float)PredictCall.DefaultIoU, null, model.Info.ClassNames);
        var answered = Answer(workbench, counted);
        var timings = new StageTimings(queueMs, workbench.DecodeMs, workbench.InferenceMs, time.GetElapsedTime(selecting).TotalMilliseconds);
        var letterbox = workbench.Letterbox;
        observation = new FrameObservation(
            RequestOutcome.Ok, time.GetElapsedTime(call.Received).TotalMilliseconds, timings, counted, letterbox.ImageWidth, letterbox.ImageHeight,
            null);
        return new FrameResult(RequestOutcome.Ok, model.Info.Ref,
            new ImagePrediction(letterbox.ImageWidth, letterbox.ImageHeight, answered, Rounded(timings)));
    }

    // After the caller has its answer: statistics, telemetry and sampling cost it nothing.
    void Account(Workbench workbench, FrameResult result, in FrameObservation observation)
    {
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

    void Release()
    {
        model.Release();
        file.Bytes.Release();
    }

    static StageTimings Rounded(StageTimings timings) => new(
        Math.Round(timings.Queue, 3), Math.Round(timings.Decode, 3), Math.Round(timings.Inference, 3), Math.Round(timings.Postprocess, 3));

    [LoggerMessage(Level = LogLevel.Error, Message = "{Model} in slot {Slot} failed on {File}")]
    partial void LogFailed(Exception exception, ModelRef model, ModelSlot slot, string file);
}
