using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Models;
using RetrainLoop.Inference.Predict;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Inference.Execution;

/// <summary>
/// Models of a dynamic size at sizes other than their own, for callers that ask for one. Each size is loaded and probed at its first use; the few
/// that were used last stay in memory until nobody asked for them for a while. Refusals are remembered for a minute: asking again costs little, and a
/// passing cause passes.
/// </summary>
sealed partial class ResizedModels : IDisposable
{
    const int MostLoaded = 4, MostRefusals = 256, SmallestSize = 32, DefaultStride = 32;
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5), RefusalLasts = TimeSpan.FromMinutes(1), LongestIdle = TimeSpan.FromMinutes(10),
        SweepEvery = TimeSpan.FromMinutes(1);
    readonly DetectorLoader loader;
    readonly BlobStore blobs;
    readonly double largestFactor;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly ITimer sweep;
    readonly SemaphoreSlim loading = new(1);
    readonly Lock gate = new();
    readonly List<Entry> loaded = []; // last used first
    readonly List<Refusal> refusals = []; // newest first

    public ResizedModels(
        DetectorLoader loader, BlobStore blobs, IOptions<PredictOptions> options, TimeProvider time, ILogger<ResizedModels> logger)
    {
        (this.loader, this.blobs, this.time, this.logger) = (loader, blobs, time, logger);
        largestFactor = options.Value.MaxImageSizeFactor;
        sweep = time.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
    }

    /// <summary>Sizes in memory now.</summary>
    internal int Loaded
    {
        get
        {
            lock (gate) return loaded.Count;
        }
    }

    /// <summary>The model at a size instead of at its own. A use of <paramref name="model"/> becomes one of the answer.</summary>
    /// <param name="wanted">Pixels of the longer side; rounded up to whole strides.</param>
    /// <exception cref="UnservableModelException">It has a fixed size, does not run at this one, or it is too large; <paramref name="model"/> was
    /// released.</exception>
    /// <exception cref="TimeoutException">Other sizes are being loaded; <paramref name="model"/> was released.</exception>
    /// <exception cref="BlobStorageException">Its file cannot be had; <paramref name="model"/> was released.</exception>
    public async Task<LoadedModel> InsteadOfAsync(LoadedModel model, int wanted, CancellationToken cancellationToken)
    {
        var info = model.Info;
        var stride = info.Stride > 0 ? info.Stride : DefaultStride;
        var size = Math.Max(SmallestSize, (wanted + stride - 1) / stride * stride);
        if (wanted == info.ImageSize || size == info.ImageSize) return model;
        try
        {
            if (model.Detector.Input.HasFixedSize) throw FixedSize(info, info.ImageSize);
            var largest = Math.Max(info.ImageSize, (int)(info.ImageSize * largestFactor) / stride * stride);
            if (size > largest)
                throw new UnservableModelException(
                    $"'imgsz' is at most {largest} for {info.Ref}, whose own size is {info.ImageSize} pixels (Predict:MaxImageSizeFactor).");
            if (Find(info.Ref, size) is { } ready) return ready;
            if (!await loading.WaitAsync(LongestWait, cancellationToken))
                throw new TimeoutException("Models are being loaded at other values of 'imgsz'. Try again in a few seconds, or leave 'imgsz' out.");
            try
            {
                return Find(info.Ref, size) ?? await LoadAsync(info, size, cancellationToken);
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

    public void Dispose()
    {
        sweep.Dispose();
        lock (gate)
        {
            foreach (var entry in loaded) entry.Model.Release();
            loaded.Clear();
        }
    }

    LoadedModel? Find(ModelRef model, int size)
    {
        lock (gate)
        {
            var refused = refusals.Find(refusal => refusal.Model == model && refusal.Size == size);
            if (refused.Why is not null && time.GetElapsedTime(refused.Since) < RefusalLasts) throw new UnservableModelException(refused.Why);
            var at = loaded.FindIndex(entry => entry.Model.Info.Ref == model && entry.Size == size);
            if (at < 0) return null;
            var found = loaded[at];
            found.Model.TryAcquire(); // the list itself holds one use
            loaded.RemoveAt(at);
            loaded.Insert(0, found with { Used = time.GetTimestamp() });
            return found.Model;
        }
    }

    async Task<LoadedModel> LoadAsync(ModelVersionInfo info, int size, CancellationToken cancellationToken)
    {
        try
        {
            var opened = await OpenAsync(info, size, cancellationToken);
            if (opened.ImageSize != size)
            {
                opened.Detector.Dispose();
                throw FixedSize(info, opened.ImageSize);
            }
            opened.Detector.GivesMemoryBack = true;
            var fresh = new LoadedModel(info, opened.Detector, static _ => { });
            fresh.TryAcquire();
            Keep(new Entry(fresh, size, time.GetTimestamp()));
            return fresh;
        }
        catch (UnservableModelException refusal)
        {
            Remember(new Refusal(info.Ref, size, refusal.Message, time.GetTimestamp()));
            throw;
        }
    }

    async Task<OpenedDetector> OpenAsync(ModelVersionInfo info, int size, CancellationToken cancellationToken)
    {
        try
        {
            var file = await blobs.FileOfAsync(info.Sha256, cancellationToken);
            return await Task.Run(() => PooledFeatures.Open(
                loader, file, new ModelSpec(info.Head, info.ClassNames, size, info.Batching), info.FeatureMap), cancellationToken);
        }
        catch (IOException exception)
        {
            LogNoFile(info.Ref, exception.Message);
            throw new BlobStorageException(
                $"The file of {info.Ref} cannot be had now, which another 'imgsz' takes. Try again in a few seconds, or leave 'imgsz' out.", exception);
        }
    }

    void Keep(Entry fresh)
    {
        Entry? oldest = null;
        lock (gate)
        {
            loaded.Insert(0, fresh);
            if (loaded.Count > MostLoaded)
            {
                oldest = loaded[^1];
                loaded.RemoveAt(MostLoaded);
            }
        }
        oldest?.Model.Release();
    }

    void Remember(Refusal refusal)
    {
        lock (gate)
        {
            refusals.RemoveAll(known => known.Model == refusal.Model && known.Size == refusal.Size);
            refusals.Insert(0, refusal);
            if (refusals.Count > MostRefusals) refusals.RemoveAt(MostRefusals);
        }
    }

    void Sweep()
    {
        List<Entry> idle;
        lock (gate)
        {
            idle = loaded.FindAll(entry => time.GetElapsedTime(entry.Used) >= LongestIdle);
            loaded.RemoveAll(idle.Contains);
            refusals.RemoveAll(refusal => time.GetElapsedTime(refusal.Since) >= RefusalLasts);
        }
        foreach (var entry in idle)
        {
            entry.Model.Release();
            LogIdle(entry.Model.Info.Ref, entry.Size);
        }
    }

    static UnservableModelException FixedSize(ModelVersionInfo info, int size) => new(
        $"'imgsz' cannot be chosen: {info.Ref} has a fixed input of {size} pixels. Leave it out, or export the model with a dynamic size.");

    readonly record struct Entry(LoadedModel Model, int Size, long Used);

    readonly record struct Refusal(ModelRef Model, int Size, string Why, long Since);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Model} cannot be loaded at another size: {Reason}")]
    partial void LogNoFile(ModelRef model, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Freed {Model} at {Size} px: nobody asked for this size for a while")]
    partial void LogIdle(ModelRef model, int size);
}
