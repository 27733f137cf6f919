namespace RetrainLoop.Contracts;

/// <summary>"Try this model on last week's frames": runs a model and the deployment's champion over sampled frames, at low priority.</summary>
/// <param name="From">Frames captured since then; default a week before <paramref name="To"/>.</param>
/// <param name="To">Frames captured before then; default now.</param>
/// <param name="MaximumFrames">In [1, 2000]. When there are more, they are picked evenly over the time.</param>
public sealed record ComparisonRequest(
    string Deployment, ModelRef Model, DateTimeOffset? From = null, DateTimeOffset? To = null, int MaximumFrames = 200);

/// <summary>A comparison and how far it is. Frames count twice: once for each model.</summary>
/// <param name="Champion">The deployment's champion when the comparison was made.</param>
/// <param name="Agreements">Boxes that both models found: same class, IoU at least 0.5, above the operating point. Null until it succeeded.</param>
/// <param name="OnlyModel">Boxes that only the tried model found.</param>
/// <param name="OnlyChampion">Boxes that only the champion found.</param>
public sealed record ComparisonInfo(
    Guid Id, string Deployment, ModelRef Model, ModelRef Champion, DateTimeOffset From, DateTimeOffset To, DetectionJobState State,
    int Frames, int Total, int Done, int? Agreements, int? OnlyModel, int? OnlyChampion, string? Error,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>One frame as both models see it, above the deployment's operating point, best first.</summary>
/// <param name="Frame">Id of the sampled frame.</param>
/// <param name="Error">Set when the image could not be read.</param>
public sealed record ComparedFrame(
    Guid Frame, string Region, string Camera, DateTimeOffset CapturedAt, ArtifactRef Image, int Width, int Height,
    IReadOnlyList<Detection> Model, IReadOnlyList<Detection> Champion, int Agreements, int OnlyModel, int OnlyChampion, string? Error = null);

/// <summary>A comparison with its frames, those with most differences first; without frames until it succeeded.</summary>
public sealed record ComparisonDetail(ComparisonInfo Comparison, IReadOnlyList<ComparedFrame> Frames);
