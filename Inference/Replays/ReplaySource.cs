using RetrainLoop.Inference.Replays.Archives;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Inference.Replays;

/// <summary>Where a replay's frames are: an uploaded zip by its hash, or a folder of this machine.</summary>
sealed record ReplaySource(string? Archive, string? Folder)
{
    /// <summary>Opens it once more, with the checks of its intake.</summary>
    /// <exception cref="InvalidDataException">It is gone or no longer what it was.</exception>
    public async Task<FrameArchive> OpenAsync(BlobStore blobs, ReplayOptions limits, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        if (Archive is not null)
            return await ZipFrames.OpenAsync(
                await blobs.OpenReadAsync(Archive, cancellationToken)
                    ?? throw new InvalidDataException("The uploaded archive is gone. Upload it again to go on where it stopped."),
                limits, findings, cancellationToken);
        var folder = FolderFrames.Find(limits.Folder, Folder!) ?? throw new InvalidDataException(
            $"The folder '{Folder}' is gone or no longer allowed (Inference:Replays:Folder). Ask for the replay again to go on where it stopped.");
        return FolderFrames.Open(folder, limits, findings);
    }
}
