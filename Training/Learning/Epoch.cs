using RetrainLoop.Training.Augmentation;
using RetrainLoop.Training.Data;
using RetrainLoop.Training.Losses;
using RetrainLoop.Training.Nets;
using RetrainLoop.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace RetrainLoop.Training.Learning;

/// <summary>Mean losses over the pictures of an epoch.</summary>
public readonly record struct EpochLosses(double Box, double Class, double Dfl);

/// <summary>One pass over the training pictures.</summary>
public sealed record Epoch(PictureCache Pictures, DetectionLoss Loss, AnchorGrid Grid, LearningRate Rate, AugmentationOptions Augmentation, int BatchSize)
{
    const double LongestGradient = 10;

    /// <param name="order">Which pictures, in which order.</param>
    /// <param name="firstStep">Steps done in earlier epochs.</param>
    /// <exception cref="TrainingException">The loss is no longer a number.</exception>
    public EpochLosses Run(TrainingSession session, int[] order, int firstStep, Random random, Device device, CancellationToken cancellation)
    {
        var step = firstStep;
        var sum = new EpochLosses();
        session.Live.train();
        foreach (var indices in order.Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var pictures = indices.Select(index => Augmenter.Apply(Pictures[index], () => Pictures[order[random.Next(order.Length)]], Augmentation, random));
            var batch = Batch.Of(pictures.ToList(), device);
            using var quiet = QuietHeap.Hold();
            var loss = Step(session, batch, Rate.At(step++));
            sum = new EpochLosses(
                sum.Box + loss.Box * indices.Length, sum.Class + loss.Class * indices.Length, sum.Dfl + loss.Dfl * indices.Length);
        }
        return new EpochLosses(sum.Box / order.Length, sum.Class / order.Length, sum.Dfl / order.Length);
    }

    LossParts Step(TrainingSession session, Batch batch, double rate)
    {
        foreach (var group in session.Optimizer.ParamGroups) group.LearningRate = rate;
        session.Optimizer.zero_grad();
        var loss = Loss.Of(session.Live.forward(batch.Images), batch.Targets, Grid);
        if (!float.IsFinite(loss.Total.item<float>())) throw new TrainingException("The loss is no longer a number: train again with a smaller lr0.");
        loss.Total.backward();
        nn.utils.clip_grad_norm_(session.Live.parameters(), LongestGradient);
        session.Optimizer.step();
        session.Average.Update();
        return loss;
    }
}
