namespace RetrainLoop.Contracts;

/// <summary>A request that is remembered because it failed, or because one of its frames was sampled. One line per image.</summary>
/// <param name="Id">The <c>requestId</c> that the caller got.</param>
/// <param name="Status">HTTP status of the answer.</param>
/// <param name="Reason">The sentence that the caller got, or why the frame was kept.</param>
/// <param name="Model">The version that answered, or should have.</param>
/// <param name="FileName">As sent in a multipart form; null for a raw body.</param>
/// <param name="Frame">The sampled frame: <c>GET /v1/frames/{id}</c>.</param>
public sealed record RequestInfo(
    string Id, string Deployment, RequestOutcome Outcome, int Status, string Reason, ModelRef Model, ModelSlot Slot, string Region, string Camera,
    string FrameId, string? FileName, Guid? Frame, DateTimeOffset At);

/// <summary>A page of remembered requests, newest first. Pass <paramref name="Next"/> as <c>before</c>; null = this was the last.</summary>
public sealed record RequestPage(IReadOnlyList<RequestInfo> Requests, long? Next);
