using System.Text.Json;
using RetrainLoop.Contracts;
using RetrainLoop.Training.Assignment;
using RetrainLoop.Training.Augmentation;
using RetrainLoop.Training.Checkpoints;
using RetrainLoop.Training.Data;
using RetrainLoop.Training.Export;
using RetrainLoop.Training.Losses;
using RetrainLoop.Training.Nets;
using RetrainLoop.Training.Optimization;
using RetrainLoop.Training.Validation;
using TorchSharp;
using static TorchSharp.torch;

namespace RetrainLoop.Training.Learning;

/// <summary>
/// The built-in trainer. With one thread, equal options and data give equal weights, also when a run was interrupted and went on.
/// </summary>
public sealed class TorchSharpTrainer(TrainOptions options, Action<ProgressLine> report, TimeProvider time)
{
    /// <summary>The last part of the epochs shows whole frames only, as they will be at serving time.</summary>
    const double MosaicPart = 0.7;

    const int MostWarmUpSteps = 300;

    readonly OutputFolder output = new(options.Out);
    readonly Device device = cuda.is_available() ? CUDA : CPU;

    /// <exception cref="DatasetException">The dataset cannot be trained on.</exception>
    /// <exception cref="CheckpointException">The base or the last checkpoint cannot be used.</exception>
    /// <exception cref="TrainingException">It diverged.</exception>
    public TrainingResult Run(CancellationToken cancellation)
    {
        set_num_threads(options.Threads);
        Directory.CreateDirectory(options.Out);
        var dataset = YoloDataset.Read(options.Dataset).ForTraining();
        Log($"{dataset.Train.Count} training images ({dataset.Train.Count(image => image.IsNew)} new), {dataset.Validation.Count} for validation, "
            + $"classes {string.Join(", ", dataset.ClassNames)}.");

        using var session = options.Resume && File.Exists(output.Last)
            ? TrainingSession.Resume(output.Last, options, dataset.ClassNames, device, Log)
            : TrainingSession.Start(options, dataset.ClassNames, device, Log);
        if (session.Epochs.Count > 0) report(new ProgressLine(Earlier: [.. session.Epochs]));
        Train(session, dataset, cancellation);
        return Finish(session, dataset.ClassNames);
    }

    void Train(TrainingSession session, YoloDataset dataset, CancellationToken cancellation)
    {
        using var grid = AnchorGrid.Of(options.ImageSize).To(device);
        var budget = options.CacheMegabytes * 1024L * 1024;
        var isNew = dataset.Train.Select(image => image.IsNew).ToList();
        var training = new PictureCache(dataset.Train, options.ImageSize, budget);
        var validation = new PictureCache(dataset.Validation, options.ImageSize, budget / 4);
        var steps = (int)Math.Ceiling((double)Order(isNew, epoch: 1, out _).Length / options.BatchSize);
        var rate = new LearningRate(options.Lr0, Math.Min(MostWarmUpSteps, Math.Max(1, steps * options.Epochs / 10)), steps * options.Epochs);
        var loss = new DetectionLoss(new TaskAlignedAssigner());

        for (var number = session.Epochs.Count + 1; !session.IsOver; number++)
        {
            var started = time.GetTimestamp();
            var augmentation = new AugmentationOptions(number <= options.Epochs * MosaicPart ? options.Mosaic : 0);
            var order = Order(isNew, number, out var random);
            var losses = new Epoch(training, loss, grid, rate, augmentation, options.BatchSize)
                .Run(session, order, (number - 1) * steps, random, device, cancellation);
            var precision = Validator.Measure(session.Average.Net, validation, grid, options.BatchSize, device);

            var epoch = new EpochInfo(
                number, losses.Box, losses.Class, losses.Dfl, precision.At50, precision.Mean, rate.At(number * steps - 1),
                time.GetElapsedTime(started).TotalSeconds);
            if (session.Finish(epoch)) session.SaveBest(output.Best);
            session.Save(output.Last);
            report(new ProgressLine(Epoch: epoch));
        }
        if (session.Epochs.Count < options.Epochs) Log($"Stopped after epoch {session.Epochs.Count}: no better mAP for {options.Patience} epochs.");
    }

    /// <summary>The chance of an epoch depends on the seed and its number only, so that an interrupted run goes on as if it had not been.</summary>
    int[] Order(IReadOnlyList<bool> isNew, int epoch, out Random random)
    {
        random = new Random(unchecked(options.Seed * 7919 + epoch));
        return EpochOrder.Draw(isNew, options.ReplayShare, random);
    }

    TrainingResult Finish(TrainingSession session, IReadOnlyList<string> classNames)
    {
        var best = session.Epochs[session.Stopping.BestEpoch - 1];
        var (_, net) = Checkpoint.Read(output.Best);
        using (net) OnnxExport.Write(output.Onnx, net, classNames, options.ImageSize);
        var result = new TrainingResult(best.Epoch, session.Epochs.Count, classNames, Metrics.Of(best));
        File.WriteAllBytes(output.Result, JsonSerializer.SerializeToUtf8Bytes(result, ContractJson.Options));
        report(new ProgressLine(Result: result));
        return result;
    }

    void Log(string sentence) => report(new ProgressLine(Log: sentence));
}
