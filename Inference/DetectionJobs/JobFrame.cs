using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Inference.DetectionJobs;

/// <summary>One image of a detection job. An image that cannot be read is part of the result.</summary>
sealed class JobFrame(string key, FrameBytes bytes, LoadedModel model, DetectionJobRequest request) : FrameWork
{
    readonly TaskCompletionSource<ImageDetections> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<ImageDetections> Completion => completion.Task;

    public override void Execute(Workbench bench)
    {
        try
        {
            bench.Run(model.Detector, bytes.Memory.Span, key, (float)request.Confidence);
            var found = bench.Select((float)request.Confidence, (float)request.IoU, null, model.Info.ClassNames, request.MaxDetections);
            completion.SetResult(new ImageDetections(
                key, bench.Letterbox.ImageWidth, bench.Letterbox.ImageHeight, found, bench.Embedding.IsEmpty ? null : bench.Embedding.ToArray()));
        }
        catch (BadImageException refusal)
        {
            completion.SetResult(new ImageDetections(key, 0, 0, [], null, refusal.Message));
        }
        catch (Exception exception)
        {
            completion.SetException(exception);
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
}
