namespace RetrainLoop.Inference.Sampling;

/// <summary>Where a frame came from, by its headers, with names that are bounded.</summary>
/// <param name="FrameId">The caller's, else the request's.</param>
sealed record FrameSource(string FrameId, string Region, string Camera, DateTimeOffset CapturedAt);
