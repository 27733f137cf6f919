using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Blobs;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Inference.Replays;

/// <summary>Lets replays go: on demand, or when they were kept long enough. An uploaded archive goes as soon as its replay is finished or cancelled.</summary>
sealed class ReplayRemoval(
    NpgsqlDataSource database, ReplayIntake intake, BlobStore blobs, IOptions<ReplayOptions> options, TimeProvider time)
{
    /// <summary>Stops the replay and removes it, its archive, and its series and report at Monitor.</summary>
    /// <exception cref="HttpRequestException">Monitor is away: the replay is stopped, but still there.</exception>
    public async Task RemoveAsync(Guid replay, CancellationToken cancellationToken)
    {
        await CancelAsync(replay, cancellationToken); // from here on its worker sends nothing new
        await intake.DeleteAsync(replay, cancellationToken);
        if (await ReplaySql.DeleteAsync(database, replay, cancellationToken) is { } source) await RemoveArchiveAsync(source, cancellationToken);
    }

    /// <summary>Stops a replay that is not finished; what Monitor has counted stays. Its archive comes again with the order to go on.</summary>
    public async Task CancelAsync(Guid replay, CancellationToken cancellationToken)
    {
        if (await ReplaySql.CancelAsync(database, replay, time.GetUtcNow(), cancellationToken) is { } source)
            await RemoveArchiveAsync(source, cancellationToken);
    }

    /// <summary>Removes an uploaded archive that nothing else needs: no unfinished replay, and nothing of the same bytes.</summary>
    public async Task RemoveArchiveAsync(ReplaySource source, CancellationToken cancellationToken)
    {
        if (source.Archive is { } archive) await blobs.DropUnneededAsync(database, archive, cancellationToken);
    }

    public async Task RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().AddDays(-options.Value.KeepDays);
        foreach (var replay in await ReplaySql.FinishedBeforeAsync(database, before, cancellationToken)) await RemoveAsync(replay, cancellationToken);
    }
}
