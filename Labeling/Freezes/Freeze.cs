using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Labeling.Annotations;
using RetrainLoop.Labeling.Datasets;
using RetrainLoop.Labeling.Deployments;
using RetrainLoop.Labeling.Holdouts;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Labeling.Freezes;

/// <summary>The versions that a freeze made, or how far the frames go and why that is not enough.</summary>
sealed record FreezeOutcome(FreezeResult? Result, string? Refusal, int Training, int Recent);

/// <summary>Turns what was accepted into a training set and a recent set, in one transaction.</summary>
sealed class Freeze(NpgsqlDataSource database, IOptions<FreezeOptions> options, TimeProvider time, ChangeNudge nudge)
{
    public async Task<FreezeOutcome> TakeAsync(
        Deployment deployment, FreezeRequest request, DatasetVersion? basis, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await HoldoutLock.TakeAsync(transaction, deployment.Name, cancellationToken);
        if (await EarlierAsync(connection, deployment.Name, request.Key, cancellationToken) is { } earlier) return earlier;

        var training = await ReviewedFrame.ListAsync(
            connection, deployment.Name, FrameSide.Training, request.Since, basis?.Id, options.Value.TrainingMaximum, cancellationToken);
        var recent = await ReviewedFrame.ListAsync(
            connection, deployment.Name, FrameSide.Evaluation, request.Since, null, options.Value.RecentMaximum, cancellationToken);
        FreezeOutcome Refuse(string reason) => new(null, reason, training.Count, recent.Count);
        if (training.Count < request.MinimumTraining || recent.Count < request.MinimumRecent)
            return Refuse($"There are {training.Count} of {request.MinimumTraining} reviewed frames to train on "
                + $"and {recent.Count} of {request.MinimumRecent} random ones to evaluate on. Label more, then freeze again.");
        var classNames = basis?.ClassNames ?? deployment.ClassNames;
        if (await TrainingSet(deployment, request, basis, classNames, training, connection, cancellationToken) is not { } trainingSet
            || RecentSet(deployment, request, classNames, recent) is not { } recentSet)
            return Refuse($"Some frames show a class that the base dataset does not have ({string.Join(", ", classNames)}). "
                + "Import a base dataset with all classes of the deployment.");

        var now = time.GetUtcNow();
        var madeTraining = await trainingSet.CreateAsync(transaction, now, cancellationToken);
        if (madeTraining.Version is not { } trainingVersion) return Refuse(madeTraining.Conflict!);
        var madeRecent = await recentSet.CreateAsync(transaction, now, cancellationToken);
        if (madeRecent.Version is not { } recentVersion) return Refuse(madeRecent.Conflict!);
        await NoteAsync(transaction, deployment.Name, request.Key, trainingVersion, recentVersion, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        nudge.Changed();
        return new FreezeOutcome(new FreezeResult(trainingVersion.ToInfo(), recentVersion.ToInfo()), null, training.Count, recent.Count);
    }

    static async Task<FreezeOutcome?> EarlierAsync(NpgsqlConnection connection, string deployment, string key, CancellationToken cancellationToken)
    {
        var earlier = await connection.QuerySingleOrDefaultAsync<(string Deployment, long Training, long Recent)?>(new CommandDefinition(
            "select deployment, training, recent from freezes where key = @key", new { key }, cancellationToken: cancellationToken));
        if (earlier is not { } found) return null;
        if (found.Deployment != deployment)
            return new FreezeOutcome(null, $"The key was used for the deployment '{found.Deployment}'. Use another key.", 0, 0);
        var training = await DatasetVersion.FindAsync(connection, found.Training, cancellationToken);
        var recent = await DatasetVersion.FindAsync(connection, found.Recent, cancellationToken);
        return new FreezeOutcome(new FreezeResult(training!.ToInfo(), recent!.ToInfo()), null, 0, 0);
    }

    static async Task<DatasetDraft?> TrainingSet(
        Deployment deployment, FreezeRequest request, DatasetVersion? basis, IReadOnlyList<string> classNames, IReadOnlyList<ReviewedFrame> frames,
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var added = frames.Select(frame => frame.ToImage(classNames, frame.Split)).ToList();
        if (added.Any(frame => frame is null)) return null;
        var held = basis is null ? [] : await basis.ImagesAsync(connection, cancellationToken);
        return new DatasetDraft(basis?.Name ?? $"{deployment.Name}-training", DatasetRole.Training, deployment.Name, classNames,
            [.. held, .. added.Select(frame => frame!.Value.Image)], [.. added.Select(frame => frame!.Value.Labels)], basis?.Id, request.LoopRun);
    }

    static DatasetDraft? RecentSet(Deployment deployment, FreezeRequest request, IReadOnlyList<string> classNames, IReadOnlyList<ReviewedFrame> frames)
    {
        var images = frames.Select(frame => frame.ToImage(classNames, DatasetSplit.Validation)).ToList();
        return images.Any(frame => frame is null)
            ? null
            : new DatasetDraft($"{deployment.Name}-recent", DatasetRole.Recent, deployment.Name, classNames,
                [.. images.Select(frame => frame!.Value.Image)], [.. images.Select(frame => frame!.Value.Labels)], null, request.LoopRun);
    }

    static async Task NoteAsync(
        NpgsqlTransaction transaction, string deployment, string key, DatasetVersion training, DatasetVersion recent, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into freezes (key, deployment, training, recent, at) values (@key, @deployment, @training, @recent, @now);
            insert into holdouts (deployment, training, recent) values (@deployment, @training, @recent)
            on conflict (deployment) do update set training = excluded.training, recent = excluded.recent
            """,
            new { key, deployment, training = training.Id, recent = recent.Id, now }, transaction, cancellationToken: cancellationToken));
        foreach (var version in new[] { training, recent })
        {
            var info = version.ToInfo();
            await ChangeFeed.AppendAsync(
                transaction.Connection!, transaction, ChangeKinds.DatasetFrozen, info.Ref.ToString(), info, now, cancellationToken);
        }
    }
}
