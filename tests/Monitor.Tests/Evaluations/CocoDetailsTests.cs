using RetrainLoop.Monitor.Evaluations;

namespace RetrainLoop.Tests.Monitor.Evaluations;

public sealed class CocoDetailsTests
{
    static readonly CocoBox Left = new(0, 0, 50, 50), Right = new(100, 0, 50, 50), Nowhere = new(300, 300, 50, 50);

    /// <summary>Two images. First: a nut found, a bolt taken for a nut. Second: a nut missed, something seen where nothing is.</summary>
    static readonly CocoGroundTruth Truth = new()
    {
        Images = [new() { Id = 1, FileName = "a.jpg" }, new() { Id = 2, FileName = "b.jpg" }],
        Categories = [new() { Id = 1, Name = "nut" }, new() { Id = 2, Name = "bolt" }],
        Annotations =
        [
            new() { Id = 1, ImageId = 1, CategoryId = 1, Bbox = Left }, new() { Id = 2, ImageId = 1, CategoryId = 2, Bbox = Right },
            new() { Id = 3, ImageId = 2, CategoryId = 1, Bbox = Left },
        ],
    };

    static readonly List<CocoDetection> Found =
    [
        new() { ImageId = 1, CategoryId = 1, Bbox = Left, Score = 0.9 }, new() { ImageId = 1, CategoryId = 1, Bbox = Right, Score = 0.8 },
        new() { ImageId = 2, CategoryId = 2, Bbox = Nowhere, Score = 0.7 },
    ];

    static EvaluationDetails Details()
    {
        var matches = CocoMatches.Compute(Truth, Found);
        return CocoDetails.Of(Truth, Found, matches, CocoEvaluator.Score(matches));
    }

    [Fact]
    public void Best_OneHitOfThreeObjects_IsTheThresholdOfTheHit()
    {
        var best = Details().Best!;
        Assert.Equal((0.9, 0.5, 1.0, 1 / 3.0), (best.Confidence, best.F1, best.Precision, best.Recall)); // F1 = 2 / (1 + 3)
    }

    [Fact]
    public void Best_EqualScores_AreNeverParted()
    {
        List<CocoDetection> tied = [new() { ImageId = 1, CategoryId = 1, Bbox = Left, Score = 0.5 }, new() { ImageId = 1, CategoryId = 1, Bbox = Nowhere, Score = 0.5 }];
        Assert.Equal(0.4, OperatingPoints.Best(CocoMatches.Compute(Truth, tied).Categories)!.F1, 1e-12); // 2 / (2 + 3), not 2 / (1 + 3)
    }

    [Fact]
    public void Confusion_AtTheBestThreshold_CountsWhatIsLeft()
    {
        var confusion = Details().Confusion; // at 0.9 one detection is left
        Assert.Equal(["nut", "bolt"], confusion.Names);
        Assert.Equal([[1, 0, 1], [0, 0, 1], [0, 0, 0]], confusion.Counts.Select(row => row.ToArray()));
    }

    [Fact]
    public void Match_AcrossClasses_ShowsWhoIsTakenForWhom()
    {
        var pairs = BoxMatching.Match(Found.Take(2).ToList(), Truth.Annotations.Take(2).ToList(), acrossClasses: true);
        Assert.Equal([(1, 1), (1, 2)], pairs.Select(pair => (pair.Detection!.CategoryId, pair.Object!.CategoryId)));
        var own = BoxMatching.Match(Found.Take(2).ToList(), Truth.Annotations.Take(2).ToList(), acrossClasses: false);
        Assert.Equal(3, own.Count); // a hit, a false one, a missed one
    }

    [Fact]
    public void Images_EachBox_IsToldWithItsKind()
    {
        var images = Details().Images;
        Assert.Equal([("a.jpg", 1, 0, 1), ("b.jpg", 0, 0, 1)], images.Select(image => (image.Key, image.TruePositives, image.FalsePositives, image.Missed)));
        Assert.Equal(1, images[0].Boxes.Single(box => box.Kind == "truePositive").IoU);
    }
}
