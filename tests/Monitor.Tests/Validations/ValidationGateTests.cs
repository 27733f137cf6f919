using RetrainLoop.Monitor.Evaluations;
using RetrainLoop.Monitor.Validations;

namespace RetrainLoop.Tests.Monitor.Validations;

public sealed class ValidationGateTests
{
    static PairedResult Result(string name, double difference, double low, double high, int images = 200, double champion = 0.6) =>
        new(new DatasetRef(name, 1), images, champion + difference, champion, difference, low, high);

    [Theory]
    // locked holdout: difference, low; recent: difference, low
    [InlineData(0.02, 0.01, 0.05, 0.02, false, Verdict.Passed)]
    [InlineData(0.02, -0.005, 0.05, 0.02, false, Verdict.Passed)] // a loss of a point is excluded
    [InlineData(0.02, -0.005, 0.05, 0.02, true, Verdict.Inconclusive)] // strict wants 0 excluded
    [InlineData(0.02, -0.02, 0.05, 0.02, false, Verdict.Inconclusive)]
    [InlineData(0.02, 0.01, 0.05, -0.001, false, Verdict.Inconclusive)]
    [InlineData(-0.001, -0.02, 0.05, 0.02, false, Verdict.Failed)]
    [InlineData(0, 0, 0.05, 0.02, false, Verdict.Failed)]
    [InlineData(0.02, 0.01, -0.05, -0.08, false, Verdict.Failed)]
    [InlineData(0.02, 0.01, 0.05, 0.02, true, Verdict.Passed)]
    public void Judge_Intervals_GiveTheVerdict(double holdout, double holdoutLow, double recent, double recentLow, bool strict, Verdict expected) =>
        Assert.Equal(expected, ValidationGate.Judge(
            Result("holdout", holdout, holdoutLow, holdout + 0.03), Result("recent", recent, recentLow, recent + 0.03), strict, new ValidationOptions()).Verdict);

    [Fact]
    public void Judge_FewImages_IsInconclusiveAndSaysHowMany()
    {
        var judgement = ValidationGate.Judge(Result("holdout", 0.02, 0.01, 0.03), Result("recent", 0.02, 0.01, 0.03, images: 7), false, new ValidationOptions());
        Assert.Equal(Verdict.Inconclusive, judgement.Verdict);
        Assert.Contains("recent v1 holds 7 images; 20 are needed", judgement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_NoLabelledObject_IsAnErrorNotAFailure() => Assert.Equal(Verdict.Error,
        ValidationGate.Judge(Result("holdout", 0.02, 0.01, 0.03), new PairedResult(new("recent", 1), 50, -1, -1, 0, 0, 0), false, new ValidationOptions()).Verdict);

    [Fact]
    public void Compare_CandidateFindsMore_HasAPairedIntervalAboveZero()
    {
        var random = new Random(5);
        var truth = new CocoGroundTruth
        {
            Images = [.. Enumerable.Range(1, 120).Select(id => new CocoImage { Id = id })],
            Categories = [new CocoCategory { Id = 1 }],
            Annotations = [.. Enumerable.Range(1, 360).Select(id => new CocoAnnotation
            {
                Id = id, ImageId = (id - 1) / 3 + 1, CategoryId = 1, Bbox = new CocoBox(id % 3 * 100, 10, 40, 40), Area = 1600,
            })],
        };
        List<CocoDetection> Found(double share) => [.. truth.Annotations.Where(_ => random.NextDouble() < share).Select(target => new CocoDetection
        {
            ImageId = target.ImageId, CategoryId = 1, Bbox = target.Bbox with { X = target.Bbox.X + 3 * random.NextDouble() }, Score = random.NextDouble(),
        })];
        var options = new EvaluationOptions { Resamples = 300 };
        var (good, poor) = (CocoMatches.Compute(truth, Found(0.9)), CocoMatches.Compute(truth, Found(0.7)));
        var better = Validator.Compare(new DatasetRef("recent", 1), good, poor, options);
        Assert.InRange(better.Difference, better.Low, better.High);
        Assert.True(better.Low > 0);
        var same = Validator.Compare(new DatasetRef("recent", 1), good, good, options);
        Assert.Equal((0, 0, 0), (same.Difference, same.Low, same.High)); // pairing: equal models differ by nothing in every resample
    }

    [Fact]
    public void MeanAveragePrecision_EachImageDrawnOnce_EqualsTheScore()
    {
        var matches = CocoMatches.Compute(
            Golden.Read<CocoGroundTruth>(Golden.Find("coco_eval", "edge_multiclass", "gt.json")),
            Golden.Read<List<CocoDetection>>(Golden.Find("coco_eval", "edge_multiclass", "dt.json")));
        var once = Enumerable.Repeat(1, matches.Images).ToArray();
        Assert.Equal(CocoEvaluator.Score(matches).Stats[0], CocoEvaluator.MeanAveragePrecision(matches, once), 1e-12);
        var thrice = Enumerable.Repeat(3, matches.Images).ToArray();
        Assert.Equal(CocoEvaluator.Score(matches).Stats[0], CocoEvaluator.MeanAveragePrecision(matches, thrice), 1e-12);
    }
}
