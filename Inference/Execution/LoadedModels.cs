using System.Collections.Concurrent;
using Npgsql;
using RetrainLoop.Inference.Models;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Inference.Execution;

/// <summary>The models in memory, each once, however many slots and jobs use it.</summary>
sealed partial class LoadedModels(DetectorLoader loader, ExecutionProvider provider, BlobStore blobs, NpgsqlDataSource database, ILogger<LoadedModels> logger)
{
    readonly ConcurrentDictionary<ModelRef, SemaphoreSlim> loading = []; // registered models only, so it is bounded
    readonly Dictionary<ModelRef, LoadedModel> models = [];

    /// <summary>A model version for use until it is released; loaded and warmed up when it is not in memory yet.</summary>
    /// <exception cref="UnservableModelException">It is not registered, its file is gone, or it does not run here.</exception>
    /// <exception cref="BlobStorageException">Its file cannot be had now.</exception>
    public async Task<LoadedModel> AcquireAsync(ModelRef model, CancellationToken cancellationToken)
    {
        if (Find(model) is { } ready) return ready;
        var info = await ModelSql.FindAsync(database, model, cancellationToken)
            ?? throw new UnservableModelException($"The model {model} is not registered. Upload it with POST /v1/models.");
        // Each model has a turn of its own: one that loads slowly keeps no other from its place.
        var turn = loading.GetOrAdd(model, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (Find(model) is { } loaded) return loaded;
            var opened = await OpenAsync(info, cancellationToken);
            LogLoaded(model, opened.WarmUpMs, opened.Detector.Batcher?.Rules.MaxBatch ?? 1);
            var fresh = new LoadedModel(info, opened.Detector, Forget);
            lock (models) models[model] = fresh;
            return fresh;
        }
        finally
        {
            turn.Release();
        }
    }

    LoadedModel? Find(ModelRef model)
    {
        lock (models) return models.TryGetValue(model, out var loaded) && loaded.TryAcquire() ? loaded : null;
    }

    async Task<OpenedDetector> OpenAsync(ModelVersionInfo info, CancellationToken cancellationToken)
    {
        try
        {
            var file = await blobs.FileOfAsync(info.Sha256, cancellationToken);
            return await Task.Run(() => PooledFeatures.Open(
                loader, file, new ModelSpec(info.Head, info.ClassNames, info.ImageSize, info.Batching), info.FeatureMap, provider.Workers), cancellationToken);
        }
        catch (FileNotFoundException exception)
        {
            throw new UnservableModelException($"The file of {info.Ref} cannot be had: {exception.Message}");
        }
        catch (Exception exception) when (exception is not BlobStorageException and (IOException or UnauthorizedAccessException))
        {
            throw new BlobStorageException($"The file of {info.Ref} cannot be read: {exception.Message}", exception);
        }
    }

    void Forget(LoadedModel freed)
    {
        lock (models)
            if (models.TryGetValue(freed.Info.Ref, out var known) && known == freed) models.Remove(freed.Info.Ref);
        LogFreed(freed.Info.Ref);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Model}; a warm-up frame took {WarmUpMs:F1} ms; runs of up to {Batch} images")]
    partial void LogLoaded(ModelRef model, double warmUpMs, int batch);

    [LoggerMessage(Level = LogLevel.Information, Message = "Freed {Model}: nothing uses it any more")]
    partial void LogFreed(ModelRef model);
}
