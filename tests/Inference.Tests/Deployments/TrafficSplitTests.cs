using CsCheck;
using RetrainLoop.Inference.Deployments;

namespace RetrainLoop.Tests.Inference.Deployments;

public sealed class TrafficSplitTests
{
    [Fact]
    public void TakesCandidate_SameKey_IsStickyAndNeverMovesBackWhenTheWeightRises() =>
        Gen.Select(Gen.String, Gen.String, Gen.Double[0, 1], Gen.Double[0, 1]).Sample((deployment, key, a, b) =>
        {
            var (less, more) = (Math.Min(a, b), Math.Max(a, b));
            return TrafficSplit.TakesCandidate(deployment, key, less) == TrafficSplit.TakesCandidate(deployment, key, less)
                && (!TrafficSplit.TakesCandidate(deployment, key, less) || TrafficSplit.TakesCandidate(deployment, key, more))
                && !TrafficSplit.TakesCandidate(deployment, key, 0) && TrafficSplit.TakesCandidate(deployment, key, 1);
        });

    [Fact]
    public void TakesCandidate_RunningFrameIds_TakesItsShare() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 10], Gen.Double[0.01, 0.99]).Sample((deployment, weight) =>
        {
            const int frames = 4000;
            var share = Enumerable.Range(0, frames).Count(frame => TrafficSplit.TakesCandidate(deployment, $"camera-1/{frame}", weight)) / (
                double)frames;
            return Math.Abs(share - weight) < 5 * Math.Sqrt(weight * (1 - weight) / frames);
        }, iter: 50);
}
