using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Labeling.Annotations;
using RetrainLoop.Labeling.Datasets;
using RetrainLoop.Labeling.Deployments;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Labeling.Holdouts;

/// <summary>Grows the locked holdout and renews the live one from reviewed random frames that no training set holds.</summary>
sealed class HoldoutRenewal(NpgsqlDataSource database, IOptions<HoldoutOptions> options, TimeProvider time, ChangeNudge nudge)
{
    public Task<(HoldoutsInfo? Info, string? Conflict)> GrowLockedAsync(
        Deployment deployment, HoldoutRequest request, CancellationToken cancellationToken) =>
        RenewAsync(deployment, request, async (connection, row) =>
        {
            var locked = row.Locked is null ? null : await DatasetVersion.FindAsync(connection, row.Locked, cancellationToken);
            var added = await NewestAsync(connection, deployment, locked?.Id, options.Value.GrowMaximum, cancellationToken);
            if (!HoldoutPolicy.GrowsLocked(added.Count, locked is not null, options.Value)) return null;
            var held = locked is null ? [] : await locked.ImagesAsync(connection, cancellationToken);
            var name = locked?.Name ?? $"{deployment.Name}-holdout";
            return Draft(name, DatasetRole.LockedHoldout, deployment, locked?.ClassNames, held, added, locked?.Id, request.LoopRun);
        }, (row, version) => row with { Locked = version, PreviousLocked = row.Locked }, cancellationToken);

    public Task<(HoldoutsInfo? Info, string? Conflict)> RefreshLiveAsync(
        Deployment deployment, HoldoutRequest request, CancellationToken cancellationToken) =>
        RenewAsync(deployment, request, async (connection, row) =>
        {
            var newest = await NewestAsync(connection, deployment, null, options.Value.LiveMaximum, cancellationToken);
            var live = row.Live is null ? null : await DatasetVersion.FindAsync(connection, row.Live, cancellationToken);
            var held = live is null ? null : (await live.ImagesAsync(connection, cancellationToken)).Select(image => image.Sha256).ToHashSet();
            var unseen = held is null ? (int?)null : newest.Count(frame => !held.Contains(frame.Sha256));
            if (!HoldoutPolicy.RenewsLive(newest.Count, unseen, options.Value)) return null;
            return Draft($"{deployment.Name}-live", DatasetRole.LiveHoldout, deployment, null, [], newest, live?.Id, request.LoopRun);
        }, (row, version) => row with { Live = version }, cancellationToken);

    async Task<(HoldoutsInfo? Info, string? Conflict)> RenewAsync(
        Deployment deployment, HoldoutRequest request, Func<NpgsqlConnection, HoldoutRow, Task<DatasetDraft?>> draftNext,
        Func<HoldoutRow, long, HoldoutRow> withVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await HoldoutLock.TakeAsync(transaction, deployment.Name, cancellationToken);
        if (await EarlierAsync(connection, request.Key, cancellationToken) is { } earlier) return (earlier, null);
        var row = await HoldoutRow.FindAsync(connection, deployment.Name, cancellationToken);
        if (await draftNext(connection, row) is not { } draft)
            return (await row.ToInfoAsync(connection, deployment.Name, cancellationToken), null);
        var now = time.GetUtcNow();
        var creation = await draft.CreateAsync(transaction, now, cancellationToken);
        if (creation.Version is not { } version) return (null, creation.Conflict);
        var info = await withVersion(row, version.Id).SaveAsync(transaction, deployment.Name, now, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into holdout_requests (key, deployment, result, at) values (@Key, @Name, @json::jsonb, @now)",
            new { request.Key, deployment.Name, json = JsonSerializer.Serialize(info, ContractJson.Options), now },
            transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        nudge.Changed();
        return (info, null);
    }

    static Task<IReadOnlyList<ReviewedFrame>> NewestAsync(
        NpgsqlConnection connection, Deployment deployment, long? except, int limit, CancellationToken cancellationToken) =>
        ReviewedFrame.ListAsync(connection, deployment.Name, FrameSide.Evaluation, DateTimeOffset.UnixEpoch, except, limit, cancellationToken);

    static async Task<HoldoutsInfo?> EarlierAsync(NpgsqlConnection connection, string key, CancellationToken cancellationToken)
    {
        var json = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select result from holdout_requests where key = @key", new { key }, cancellationToken: cancellationToken));
        return json is null ? null : JsonSerializer.Deserialize<HoldoutsInfo>(json, ContractJson.Options);
    }

    /// <summary>Frames with an object of a class that the holdout lacks are left out: it could not score them.</summary>
    static DatasetDraft Draft(
        string name, DatasetRole role, Deployment deployment, IReadOnlyList<string>? classNames, IReadOnlyList<DatasetImage> held,
        IReadOnlyList<ReviewedFrame> frames, long? parent, string? loopRun)
    {
        var names = classNames ?? deployment.ClassNames;
        var added = frames.Select(frame => frame.ToImage(names, DatasetSplit.Validation)).OfType<(DatasetImage Image, LabelSet Labels)>().ToList();
        return new DatasetDraft(name, role, deployment.Name, names,
            [.. held, .. added.Select(frame => frame.Image)], [.. added.Select(frame => frame.Labels)], parent, loopRun);
    }
}
