using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Blobs;
using RetrainLoop.Inference.Deployments;
using RetrainLoop.Inference.Models;
using RetrainLoop.Inference.Replays.Archives;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Inference.Replays;

/// <summary>Takes orders for replays: keeps the archive, reads what its frames are, and queues the work. Null answers have their reasons in the findings.</summary>
sealed class ReplayOrders(
    NpgsqlDataSource database, BlobStore blobs, ReplayRemoval removal, IOptions<ReplayOptions> options, IOptions<DeploymentOptions> deployments,
    TimeProvider time)
{
    /// <summary>Receives a zip, streamed to disk.</summary>
    /// <exception cref="InvalidDataException">It is no zip.</exception>
    /// <exception cref="BadHttpRequestException">The form is broken or cut off.</exception>
    /// <exception cref="ReplayOrderException">The order cannot be.</exception>
    public async Task<ReplayInfo?> TakeZipAsync(
        DeploymentInfo deployment, HttpRequest request, ReplayOrder order, string by, Findings findings, CancellationToken cancellationToken)
    {
        var model = await CheckAsync(deployment, order, cancellationToken);
        ReplaySource? source = null;
        ReplayInfo? replay = null;
        try
        {
            await using var hold = new BlobHold(database);
            var (archive, fileName) = await StoreAsync(request, hold, cancellationToken);
            source = new ReplaySource(archive.Sha256, null);
            var file = (await blobs.OpenReadAsync(archive.Sha256, cancellationToken))!;
            await using var zip = await ZipFrames.OpenAsync(file, options.Value, findings, cancellationToken);
            var key = order.Key ?? $"{deployment.Name}/{archive.Sha256}/{model}/{order.BaselineDays}";
            var name = order.Name ?? (fileName is null ? "Uploaded archive" : Path.GetFileNameWithoutExtension(fileName));
            return replay = await QueueAsync(deployment, model, zip, source, order with { Key = key, Name = name }, by, findings, cancellationToken);
        }
        finally
        {
            if (source is not null && replay is null or { State: ReplayState.Succeeded }) await removal.RemoveArchiveAsync(source, CancellationToken.None);
        }
    }

    /// <exception cref="ReplayOrderException">The folder is not allowed or not there, or the order cannot be.</exception>
    public async Task<ReplayInfo?> TakeFolderAsync(
        DeploymentInfo deployment, ReplayRequest request, string by, Findings findings, CancellationToken cancellationToken)
    {
        var order = new ReplayOrder(request.Name ?? Path.GetFileName(request.Folder.TrimEnd('/')), request.Model, request.BaselineDays, request.Key);
        var model = await CheckAsync(deployment, order, cancellationToken);
        if (options.Value.Folder.Length == 0)
            throw new ReplayOrderException("No folder may be replayed here: set Inference:Replays:Folder to the one that holds your archives, or upload a zip.");
        var path = FolderFrames.Find(options.Value.Folder, request.Folder)
            ?? throw new ReplayOrderException($"'{request.Folder}' is no folder below the one that Inference:Replays:Folder allows.");
        await using var folder = FolderFrames.Open(path, options.Value, findings);
        var key = order.Key ?? $"{deployment.Name}/{HashOf(request.Folder, folder)}/{model}/{order.BaselineDays}";
        return await QueueAsync(
            deployment, model, folder, new ReplaySource(null, request.Folder), order with { Key = key }, by, findings, cancellationToken);
    }

    async Task<ReplayInfo?> QueueAsync(
        DeploymentInfo deployment, ModelRef model, FrameArchive archive, ReplaySource source, ReplayOrder order, string by, Findings findings,
        CancellationToken cancellationToken)
    {
        if (findings.Any) return null;
        var manifest = await FrameManifest.ReadAsync(
            archive, deployment, deployments.Value.MaxCameras, time.GetUtcNow(), findings, cancellationToken);
        if (findings.Any) return null;
        var span = manifest.Frames[^1].CapturedAt - manifest.Frames[0].CapturedAt;
        if (order.BaselineDays >= span.TotalDays)
            throw new ReplayOrderException(string.Create(CultureInfo.InvariantCulture,
                $"A baseline of {order.BaselineDays} days leaves nothing to compare: the frames span {span.TotalDays:0.##} days."));
        return await ReplaySql.AddAsync(database, new NewReplay(
            order.Key!, order.Name!, deployment, model, source, order.BaselineDays, options.Value.ChunkSize, by, manifest), time.GetUtcNow(), cancellationToken);
    }

    async Task<ModelRef> CheckAsync(DeploymentInfo deployment, ReplayOrder order, CancellationToken cancellationToken)
    {
        if (order.Wrong is { } wrong) throw new ReplayOrderException(wrong);
        var model = order.Model ?? deployment.Champion;
        return await ModelSql.FindAsync(database, model, cancellationToken) is not null ? model
            : throw new ReplayOrderException($"There is no model {model}. GET /v1/models lists what there is.");
    }

    /// <summary>Keeps the raw body, or the first file of a form, which has a name.</summary>
    async Task<(ArtifactRef Archive, string? FileName)> StoreAsync(HttpRequest request, BlobHold hold, CancellationToken cancellationToken)
    {
        if (MultipartBody.Of(request) is not { } form) return (await blobs.PutAsync(request.Body, hold.OnAsync, cancellationToken), null);
        while (await form.NextAsync(cancellationToken) is { } part)
            if (part.FileName is not null)
                return (await MultipartBody.GuardAsync(() => blobs.PutAsync(part.Body, hold.OnAsync, cancellationToken)), part.FileName);
        throw new InvalidDataException("the form has no part 'file'");
    }

    static string HashOf(string folder, FrameArchive archive)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(folder));
        foreach (var file in archive.Files.OrderBy(file => file.Path, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{file.Path}\t{file.Length}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
