using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Predict;
using RetrainLoop.Inference.Telemetry;

namespace RetrainLoop.Inference.Replays;

/// <summary>One old frame on its way through a model. A frame that cannot be read, or on which the model fails, is an outcome as it is live.</summary>
sealed partial class ReplayFrame(string file, FrameBytes bytes, LoadedModel model, double operatingPoint, TimeProvider time, ILogger logger) : FrameWork
{
    readonly TaskCompletionSource<FrameObservation> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<FrameObservation> Completion => completion.Task;

    public override void Execute(Workbench bench)
    {
        try
        {
            completion.SetResult(Observe(bench));
        }
        catch (BadImageException)
        {
            completion.SetResult(FrameObservation.Unanswered(RequestOutcome.BadInput));
        }
        catch (Exception exception)
        {
            LogFailed(exception, model.Info.Ref, file);
            completion.SetResult(FrameObservation.Unanswered(RequestOutcome.Failed));
        }
        finally
        {
            bytes.Release();
        }
    }

    public override void Abandon()
    {
        completion.SetCanceled();
        bytes.Release();
    }

    FrameObservation Observe(Workbench bench)
    {
        bench.Run(model.Detector, bytes.Memory.Span, file, (float)operatingPoint);
        var selecting = time.GetTimestamp();
        var detections = bench.Select((float)operatingPoint, (float)PredictCall.DefaultIoU, null, model.Info.ClassNames);
        var stages = new StageTimings(0, bench.DecodeMs, bench.InferenceMs, time.GetElapsedTime(selecting).TotalMilliseconds);
        return new FrameObservation(RequestOutcome.Ok, stages.Decode + stages.Inference + stages.Postprocess, stages, detections,
            bench.Letterbox.ImageWidth, bench.Letterbox.ImageHeight, bench.Statistics());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Model} failed on the old frame {File}")]
    partial void LogFailed(Exception exception, ModelRef model, string file);
}
