using Npgsql;
using RetrainLoop.Inference.Blobs;
using RetrainLoop.Inference.Execution;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Inference.Models;

/// <summary>What shall become a model version. The files are in this service's blob store already, and held.</summary>
sealed record NewModel(
    string Name, ArtifactRef Onnx, ArtifactRef? Checkpoint, ModelSpec Spec, ModelLineage Lineage, IReadOnlyDictionary<string, double> Metrics,
    string? Key);

/// <summary>
/// Registers immutable model versions. The same bytes under the same name are the same version, unless they come with other class names, another head,
/// size or batching than before, or with a checkpoint that is new.
/// </summary>
sealed partial class ModelRegistry(
    NpgsqlDataSource database, DetectorLoader loader, BlobStore blobs, ChangeNudge nudge, TimeProvider time, ILogger<ModelRegistry> logger)
{
    /// <returns>The version, and whether this call made it.</returns>
    /// <exception cref="UnservableModelException">It cannot be served; the registry is unchanged.</exception>
    public async Task<(ModelVersionInfo Model, bool Created)> RegisterAsync(NewModel model, CancellationToken cancellationToken)
    {
        var (opened, features) = await ProbeAsync(model, cancellationToken);
        var (registered, created) = await InsertAsync(model, opened, features, cancellationToken);
        if (!created) return (registered, false);
        nudge.Changed();
        LogRegistered(registered.Ref, registered.Head, registered.ImageSize, registered.ClassNames.Count, registered.ProbeMs);
        return (registered, true);
    }

    async Task<(OpenedDetector Opened, FoundFeatures Features)> ProbeAsync(NewModel model, CancellationToken cancellationToken)
    {
        var file = await blobs.FileOfAsync(model.Onnx.Sha256, cancellationToken);
        return await Task.Run(() =>
        {
            var opened = loader.Open(file, model.Spec);
            opened.Detector.Dispose();
            return (opened, PooledFeatures.Find(loader, file, model.Spec, opened));
        }, cancellationToken);
    }

    /// <summary>Deletes files that came for nothing, unless something else consists of the same bytes. Whoever held them has let go.</summary>
    public async Task DropUnusedAsync(IEnumerable<ArtifactRef> files, CancellationToken cancellationToken)
    {
        foreach (var file in files) await blobs.DropUnneededAsync(database, file.Sha256, cancellationToken);
    }

    async Task<(ModelVersionInfo Model, bool Created)> InsertAsync(
        NewModel model, OpenedDetector opened, FoundFeatures features, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var version = await ModelSql.NextVersionAsync(connection, transaction, model.Name, cancellationToken);
        var info = new ModelVersionInfo(
            model.Name, version, model.Onnx.Sha256, opened.Detector.Head.Kind, opened.ImageSize, opened.ClassNames, opened.Stride,
            model.Onnx, model.Checkpoint, features.HasEmbedding, model.Lineage, model.Metrics, Math.Round(opened.WarmUpMs, 3),
            time.GetUtcNow(), model.Spec.Batching, features.FeatureMap, features.Source);
        // The name is locked now: whoever registered the same bytes meanwhile is visible.
        var ofBytes = await ModelSql.OfBytesAsync(connection, transaction, model.Name, model.Onnx.Sha256, cancellationToken);
        if (ofBytes.FirstOrDefault(known => SaysNothingNew(info, known)) is { } same) return (same, false);
        await ModelSql.InsertAsync(connection, transaction, info, model.Key, cancellationToken);
        await ChangeFeed.AppendAsync(connection, transaction, ChangeKinds.ModelRegistered, info.Ref.ToString(), info, info.CreatedAt,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (info, true);
    }

    internal static bool SaysNothingNew(ModelVersionInfo upload, ModelVersionInfo known) =>
        (upload.Head, upload.ImageSize, upload.Batching) == (known.Head, known.ImageSize, known.Batching)
        && upload.ClassNames.SequenceEqual(known.ClassNames) && (upload.Checkpoint is null || upload.Checkpoint.Sha256 == known.Checkpoint?.Sha256);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Registered {Model}: {Head} head, {ImageSize} px, {Classes} classes, probe {ProbeMs:F1} ms")]
    partial void LogRegistered(ModelRef model, DetectorHead head, int imageSize, int classes, double probeMs);
}
