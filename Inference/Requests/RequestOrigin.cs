using RetrainLoop.Inference.Sampling;

namespace RetrainLoop.Inference.Requests;

/// <summary>Where an image came from, as far as its request is to be remembered.</summary>
/// <param name="Slot">The slot that answered, or should have.</param>
/// <param name="File">Its name in the request, if it had one.</param>
readonly record struct RequestOrigin(string RequestId, string Deployment, ModelRef Model, ModelSlot Slot, FrameSource Source, string? File)
{
    public RequestInfo Remember(RequestOutcome outcome, int status, string reason, Guid? frame, DateTimeOffset now) => new(
        RequestId, Deployment, outcome, status, reason, Model, Slot, Source.Region, Source.Camera, Source.FrameId, now,
        [new RequestImage(File, outcome, status, reason, frame)]);
}
