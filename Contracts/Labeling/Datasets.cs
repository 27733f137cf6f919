namespace RetrainLoop.Contracts;

/// <summary>A dataset version by name; versions count from 1.</summary>
public sealed record DatasetRef(string Name, int Version)
{
    public override string ToString() => $"{Name} v{Version}";
}

/// <summary>What a dataset is for. Holdouts and recent frames are never trained on.</summary>
public enum DatasetRole { Training, LockedHoldout, LiveHoldout, Recent }

/// <summary>An immutable dataset version, known by its content hash.</summary>
/// <param name="ContentHash">SHA-256 over the sorted image hashes and labels.</param>
/// <param name="Train">Images of the training split; for holdouts and recent all images are in <paramref name="Validation"/>.</param>
/// <param name="Manifest">URI of the <see cref="ImageManifest"/>.</param>
/// <param name="GroundTruth">URI of the COCO JSON.</param>
/// <param name="Export">URI of the YOLO zip.</param>
public sealed record DatasetVersionInfo(
    string Name, int Version, string ContentHash, DatasetRole Role, string? Deployment, IReadOnlyList<string> ClassNames,
    int Images, int Objects, int Train, int Validation, DatasetRef? Parent, string? LoopRun,
    string Manifest, string GroundTruth, string Export, DateTimeOffset CreatedAt)
{
    public DatasetRef Ref => new(Name, Version);
}

/// <summary>
/// Freezes what was accepted into dataset versions: a training set (base version + new frames) and, from random frames alone,
/// a <c>recent</c> set. The same key answers with the versions it already made; 409 when there are too few frames.
/// </summary>
/// <param name="Since">Only frames captured since then are new.</param>
public sealed record FreezeRequest(
    string Key, DatasetRef? Base, DateTimeOffset Since, int MinimumTraining = 100, int MinimumRecent = 100, string? LoopRun = null);

public sealed record FreezeResult(DatasetVersionInfo Training, DatasetVersionInfo Recent);

/// <summary>What has been accepted and could be frozen now.</summary>
public sealed record FreezeReadiness(int Training, int Recent, int WaitingTasks, int LeasedTasks);

/// <summary>The evaluation sets of a deployment.</summary>
public sealed record HoldoutsInfo(
    string Deployment, DatasetVersionInfo? Locked, DatasetVersionInfo? PreviousLocked, DatasetVersionInfo? Live, DatasetVersionInfo? Recent,
    DatasetVersionInfo? Training);

/// <summary>Makes an existing dataset version the deployment's locked holdout or its training set.</summary>
public sealed record AssignDataset(DatasetRef Dataset);

/// <summary>
/// Grows the locked holdout by reviewed random frames that no training set holds, or renews the live holdout with the newest ones.
/// The same key answers with what it already made. Without enough frames the holdout stays as it is.
/// </summary>
public sealed record HoldoutRequest(string Key, string? LoopRun = null);
