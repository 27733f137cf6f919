namespace RetrainLoop.Contracts;

/// <summary>Somebody erased a frame for good: every service that keeps something of its picture lets it go.</summary>
/// <param name="Sha256">Of the picture; other frames may have the same.</param>
public sealed record FrameErased(Guid Frame, string Sha256, DateTimeOffset At);
