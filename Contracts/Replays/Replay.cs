namespace RetrainLoop.Contracts;

public enum ReplayState { Queued, Running, Succeeded, Failed, Cancelled }

/// <summary>Asks for a replay of a folder on the server, below the one that <c>Inference:Replays:Folder</c> allows.</summary>
/// <param name="Folder">Path relative to the allowed folder, with forward slashes.</param>
/// <param name="Name">Shown in lists; default: the folder's name.</param>
/// <param name="Model">The version that sees the frames; default: the champion.</param>
/// <param name="BaselineDays">Length of the first part, with which the rest is compared; default: 7 days, or a third of a shorter replay.</param>
/// <param name="Key">The same key answers with the replay it already made; default: folder, model and frames.</param>
public sealed record ReplayRequest(string Folder, string? Name = null, ModelRef? Model = null, double? BaselineDays = null, string? Key = null);

/// <summary>Old frames that go through a deployment as if it happened when they were taken.</summary>
/// <param name="Frames">Frames of the archive.</param>
/// <param name="Done">Frames that Monitor has counted.</param>
/// <param name="Unreadable">Of these, frames that could not be decoded; they count as errors.</param>
/// <param name="Ignored">Files of the archive that are no pictures.</param>
/// <param name="From">When the first frame was taken.</param>
/// <param name="To">The end of the last frame's second.</param>
/// <param name="EtaSeconds">Seconds until it is done at the pace of the present run; null while that is not known.</param>
/// <param name="Error">Why it failed, in a sentence.</param>
public sealed record ReplayInfo(
    Guid Id, string Key, string Deployment, string Name, ModelRef Model, ReplayState State, int Frames, int Done, int Unreadable, int Cameras, int Ignored,
    DateTimeOffset From, DateTimeOffset To, double? BaselineDays, double? EtaSeconds, string? Error, string RequestedBy,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>Something wrong in an archive of frames.</summary>
/// <param name="Line">From 1 in <c>frames.csv</c>; null when the whole file is meant.</param>
/// <param name="Problem">To follow "FILE, line N: ".</param>
public sealed record ReplayFinding(string File, int? Line, string Problem);

/// <summary>
/// What Inference tells Monitor before the first batch of a replay. The deployment is the one of that moment: its zone cuts the days, its operating
/// point counts detections, its budgets judge.
/// </summary>
public sealed record ReplayStart(
    DeploymentInfo Deployment, ModelRef Model, string Name, DateTimeOffset From, DateTimeOffset To, double? BaselineDays = null);
