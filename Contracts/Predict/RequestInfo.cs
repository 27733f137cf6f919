namespace RetrainLoop.Contracts;

/// <summary>A request that is remembered because it failed or because one of its images was sampled.</summary>
/// <param name="Id">The <c>requestId</c> that the caller got.</param>
/// <param name="Outcome">Of the whole request: its first remembered image that failed decides.</param>
/// <param name="Status">HTTP status that goes with <paramref name="Outcome"/>.</param>
/// <param name="Reason">The sentence that the caller got, or why the frame was kept.</param>
/// <param name="Model">The version that answered, or should have.</param>
/// <param name="Images">The images that failed or were sampled.</param>
public sealed record RequestInfo(
    string Id, string Deployment, RequestOutcome Outcome, int Status, string Reason, ModelRef Model, ModelSlot Slot, string Region, string Camera,
    string FrameId, DateTimeOffset At, IReadOnlyList<RequestImage> Images);

/// <summary>What became of one image of a remembered request.</summary>
/// <param name="File">Its name in the multipart form; null when it came without one.</param>
/// <param name="Frame">The sampled frame: <c>GET /v1/frames/{id}</c>.</param>
public sealed record RequestImage(string? File, RequestOutcome Outcome, int Status, string Reason, Guid? Frame);

/// <summary>A page of remembered requests, newest first. Pass <paramref name="Next"/> as <c>before</c>; null = this was the last.</summary>
public sealed record RequestPage(IReadOnlyList<RequestInfo> Requests, long? Next);
