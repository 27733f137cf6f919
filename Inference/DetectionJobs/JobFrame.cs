using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Models;

namespace RetrainLoop.Inference.DetectionJobs;

/// <summary>One image of a detection job. An image that cannot be read is part of the result.</summary>
sealed class JobFrame(string key, FrameBytes bytes, LoadedModel model, DetectionJobRequest request, TimeProvider time)
    : BackgroundFrame<ImageDetections>(key, bytes, model, time)
{
    protected override ImageDetections Detect(Workbench workbench)
    {
        try
        {
            workbench.Run(Model.Detector, Bytes, Name, (float)request.Confidence);
        }
        catch (Exception refusal) when (refusal is BadImageException or ModelOutputException)
        {
            return new ImageDetections(Name, 0, 0, [], null, refusal.Message);
        }
        var found = workbench.Select((float)request.Confidence, (float)request.IoU, null, Model.Info.ClassNames, request.MaxDetections);
        return new ImageDetections(Name, workbench.Letterbox.ImageWidth, workbench.Letterbox.ImageHeight, found,
            workbench.Embedding.IsEmpty ? null : workbench.Embedding.ToArray());
    }
}
