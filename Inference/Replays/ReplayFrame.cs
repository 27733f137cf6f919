using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Predict;
using RetrainLoop.Inference.Telemetry;

namespace RetrainLoop.Inference.Replays;

/// <summary>One old frame on its way through a model. A frame that cannot be read, or on which the model fails, is an outcome as it is live.</summary>
sealed partial class ReplayFrame(string file, FrameBytes bytes, LoadedModel model, double operatingPoint, TimeProvider time, ILogger logger)
    : BackgroundFrame<FrameObservation>(file, bytes, model, time)
{
    protected override FrameObservation Detect(Workbench workbench)
    {
        try
        {
            return Observe(workbench);
        }
        catch (BadImageException)
        {
            return FrameObservation.Unanswered(RequestOutcome.BadInput);
        }
        catch (Exception exception) when (!IsGivenUp)
        {
            LogFailed(exception, Model.Info.Ref, Name);
            return FrameObservation.Unanswered(RequestOutcome.Failed);
        }
    }

    FrameObservation Observe(Workbench workbench)
    {
        workbench.Run(Model.Detector, Bytes, Name, (float)operatingPoint);
        var selecting = Time.GetTimestamp();
        var detections = workbench.Select((float)operatingPoint, (float)PredictCall.DefaultIoU, null, Model.Info.ClassNames);
        var stages = new StageTimings(0, workbench.DecodeMs, workbench.InferenceMs, Time.GetElapsedTime(selecting).TotalMilliseconds);
        return new FrameObservation(RequestOutcome.Ok, stages.Decode + stages.Inference + stages.Postprocess, stages, detections,
            workbench.Letterbox.ImageWidth, workbench.Letterbox.ImageHeight, workbench.Statistics());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Model} failed on the old frame {File}")]
    partial void LogFailed(Exception exception, ModelRef model, string file);
}
