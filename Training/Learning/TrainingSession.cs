using RetrainLoop.Contracts;
using RetrainLoop.Training.Checkpoints;
using RetrainLoop.Training.Nets;
using RetrainLoop.Training.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RetrainLoop.Training.Learning;

/// <summary>What changes while a net is trained, all of it; can be written to a checkpoint after any epoch and read back.</summary>
public sealed class TrainingSession : IDisposable
{
    readonly TrainOptions options;
    readonly IReadOnlyList<string> classNames;
    readonly List<EpochInfo> epochs;

    TrainingSession(TrainOptions options, IReadOnlyList<string> classNames, Detector live, Detector average, Device device, RunProgress? progress)
    {
        (this.options, this.classNames) = (options, classNames);
        Live = live.to(device);
        Average = new MovingAverage(Live, average.to(device), progress?.Updates ?? 0);
        Optimizer = WeightGroups.AdamW(Live, options.Lr0);
        Stopping = progress is null ? new EarlyStopping(options.Patience) : new EarlyStopping(options.Patience, progress.BestEpoch, progress.BestScore);
        epochs = [.. progress?.Epochs ?? []];
    }

    public Detector Live { get; }
    public MovingAverage Average { get; }
    public AdamW Optimizer { get; }
    public EarlyStopping Stopping { get; private set; }
    public IReadOnlyList<EpochInfo> Epochs => epochs;
    public bool IsOver => epochs.Count >= options.Epochs || (epochs.Count > 0 && Stopping.ShouldStop(epochs.Count));

    /// <summary>From scratch, or from the base checkpoint's weights.</summary>
    public static TrainingSession Start(TrainOptions options, IReadOnlyList<string> classNames, Device device, Action<string> log)
    {
        random.manual_seed(options.Seed);
        using var given = options.Base is null ? null : Checkpoint.Read(options.Base).Net;
        var live = new Detector(given?.Size ?? options.Net, classNames.Count);
        var average = new Detector(live.Size, classNames.Count);
        if (given is not null) CopyBase(given, live, options, classNames, log);
        DetectorWeights.Copy(live, average);
        var origin = given is null ? "from scratch" : "from the base checkpoint";
        log($"Training {live.Size.ToString().ToLowerInvariant()} ({DetectorWeights.ParameterCount(live)} weights) {origin} on {device}.");
        return new TrainingSession(options, classNames, live, average, device, null);
    }

    /// <summary>Goes on from the checkpoint that <see cref="Save"/> wrote.</summary>
    public static TrainingSession Resume(string path, TrainOptions options, IReadOnlyList<string> classNames, Device device, Action<string> log)
    {
        var header = Checkpoint.ReadHeader(path);
        if (header.Progress is null || !header.ClassNames.SequenceEqual(classNames))
            throw new CheckpointException("The last checkpoint belongs to another run.");
        var live = new Detector(header.Net, classNames.Count);
        var optimizerState = new MemoryStream();
        var (_, average) = Checkpoint.Read(path, reader =>
        {
            live.load(reader);
            reader.BaseStream.CopyTo(optimizerState);
        });
        var session = new TrainingSession(options, classNames, live, average, device, header.Progress);
        optimizerState.Position = 0;
        session.Optimizer.load_state_dict(new BinaryReader(optimizerState));
        log($"Going on after epoch {header.Epoch}.");
        return session;
    }

    /// <summary>Takes note of a finished epoch. True when it is the best so far.</summary>
    public bool Finish(EpochInfo epoch)
    {
        epochs.Add(epoch);
        Stopping = Stopping.After(epoch.Epoch, epoch.MeanAveragePrecision);
        return Stopping.BestEpoch == epoch.Epoch;
    }

    public void Save(string path)
    {
        var progress = new RunProgress(Average.Updates, Stopping.BestEpoch, Stopping.BestScore, epochs);
        Checkpoint.Write(path, Header(epochs[^1]) with { Progress = progress }, Average.Net, writer =>
        {
            Live.save(writer);
            Optimizer.save_state_dict(writer);
        });
    }

    public void SaveBest(string path) => Checkpoint.Write(path, Header(epochs[^1]), Average.Net);

    public void Dispose()
    {
        Optimizer.Dispose();
        Average.Dispose();
        Live.Dispose();
    }

    CheckpointHeader Header(EpochInfo epoch) => new(Live.Size, classNames, options.ImageSize, epoch.Epoch, Metrics.Of(epoch));

    static void CopyBase(Detector given, Detector live, TrainOptions options, IReadOnlyList<string> classNames, Action<string> log)
    {
        if (given.Size != options.Net) log($"The base checkpoint is a {given.Size} net; that is trained on, not {options.Net}.");
        var known = Checkpoint.ReadHeader(options.Base!).ClassNames;
        var sameClasses = known.SequenceEqual(classNames);
        DetectorWeights.Copy(given, live, sameClasses);
        if (sameClasses) return;
        log($"The base checkpoint knows the classes {string.Join(", ", known)}, the dataset {string.Join(", ", classNames)}: "
            + "what tells classes apart starts afresh.");
    }
}
