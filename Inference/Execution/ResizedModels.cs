using RetrainLoop.Inference.Models;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Inference.Execution;

/// <summary>
/// Models of a dynamic size at sizes other than their own, for callers that ask for one. Each size is loaded and probed at its first use; the few
/// that were used last stay in memory. Refusals are remembered for a minute: asking again costs little, and a passing cause passes.
/// </summary>
sealed class ResizedModels(DetectorLoader loader, BlobStore blobs, TimeProvider time)
{
    const int MostKept = 4, SmallestSize = 32, DefaultStride = 32;
    readonly SemaphoreSlim loading = new(1);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5), RefusalLasts = TimeSpan.FromMinutes(1);
    readonly Lock gate = new();
    readonly List<Entry> known = []; // last used first

    /// <summary>The model at a size instead of at its own. A use of <paramref name="model"/> becomes one of the answer.</summary>
    /// <param name="wanted">Pixels of the longer side; rounded up to whole strides.</param>
    /// <exception cref="UnservableModelException">It has a fixed size, or does not run at this one; <paramref name="model"/> was released.</exception>
    /// <exception cref="TimeoutException">Other sizes are being loaded; <paramref name="model"/> was released.</exception>
    public async Task<LoadedModel> InsteadOfAsync(LoadedModel model, int wanted, CancellationToken cancellationToken)
    {
        var stride = model.Info.Stride > 0 ? model.Info.Stride : DefaultStride;
        var size = Math.Max(SmallestSize, (wanted + stride - 1) / stride * stride);
        if (size == model.Info.ImageSize) return model;
        try
        {
            if (Find(model.Info.Ref, size) is { } ready) return ready;
            if (!await loading.WaitAsync(LongestWait, cancellationToken))
                throw new TimeoutException("Models are being loaded at other values of 'imgsz'. Try again in a few seconds, or leave 'imgsz' out.");
            try
            {
                return Find(model.Info.Ref, size) ?? await LoadAsync(model.Info, size, cancellationToken);
            }
            finally
            {
                loading.Release();
            }
        }
        finally
        {
            model.Release();
        }
    }

    LoadedModel? Find(ModelRef model, int size)
    {
        lock (gate)
        {
            var at = known.FindIndex(entry => entry.Model == model && entry.Size == size);
            if (at < 0) return null;
            var entry = known[at];
            if (entry.Loaded is null && time.GetElapsedTime(entry.Since) < RefusalLasts) throw new UnservableModelException(entry.Refusal);
            known.RemoveAt(at);
            if (entry.Loaded is null || !entry.Loaded.TryAcquire()) return null;
            known.Insert(0, entry);
            return entry.Loaded;
        }
    }

    async Task<LoadedModel> LoadAsync(ModelVersionInfo info, int size, CancellationToken cancellationToken)
    {
        try
        {
            var file = await blobs.FileOfAsync(info.Sha256, cancellationToken);
            var opened = await Task.Run(() => PooledFeatures.Open(
                loader, file, new ModelSpec(info.Head, info.ClassNames, size, info.Batching), info.FeatureMap), cancellationToken);
            if (opened.ImageSize != size)
            {
                opened.Detector.Dispose();
                throw new UnservableModelException(
                    $"'imgsz' cannot be chosen: {info.Ref} has a fixed input of {opened.ImageSize} pixels. Leave it out, "
                    + "or export the model with a dynamic size.");
            }
            var loaded = new LoadedModel(info, opened.Detector, static _ => { });
            loaded.TryAcquire();
            Keep(info.Ref, size, loaded, "");
            return loaded;
        }
        catch (UnservableModelException refusal)
        {
            Keep(info.Ref, size, null, refusal.Message);
            throw;
        }
    }

    void Keep(ModelRef model, int size, LoadedModel? loaded, string refusal)
    {
        lock (gate)
        {
            known.Insert(0, new Entry(model, size, loaded, refusal, time.GetTimestamp()));
            while (known.Count > MostKept)
            {
                known[^1].Loaded?.Release();
                known.RemoveAt(known.Count - 1);
            }
        }
    }

    readonly record struct Entry(ModelRef Model, int Size, LoadedModel? Loaded, string Refusal, long Since);
}
