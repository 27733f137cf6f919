using System.Text.Json;
using RetrainLoop.Monitor.Evaluations;

namespace RetrainLoop.Tests.Monitor.Evaluations;

public sealed class CocoEvaluatorTests(ITestOutputHelper output)
{
    static readonly string[] StatNames =
        ["AP", "AP50", "AP75", "APsmall", "APmedium", "APlarge", "AR1", "AR10", "AR100", "ARsmall", "ARmedium", "ARlarge"];

    public static TheoryData<string> Cases()
    {
        var folders = new[] { GoldenFolder.Committed("coco_eval"), Path.Combine(GoldenFolder.RepositoryRoot, "..", "shared", "golden", "coco_eval") };
        return [.. folders.Where(Directory.Exists).SelectMany(Directory.GetDirectories).Select(folder => Path.GetFileName(folder)!).Distinct().Order()];
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Score_GoldenCase_EqualsPycocotools(string name)
    {
        var folder = Golden.Find("coco_eval", name);
        string File(string file) => Path.Exists(Path.Combine(folder, file)) ? Path.Combine(folder, file) : Path.Combine(folder, file + ".gz");
        var groundTruth = Golden.Read<CocoGroundTruth>(File("gt.json"));
        var detections = Golden.Read<List<CocoDetection>>(File("dt.json"));
        var expected = Golden.Json(File("expected.json"));

        var started = TimeProvider.System.GetTimestamp();
        var matches = CocoMatches.Compute(groundTruth, detections);
        var score = CocoEvaluator.Score(matches);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        if (expected.TryGetProperty("timing_seconds_best_of_3", out var timing))
            output.WriteLine($"{name}: {elapsed.TotalMilliseconds:F0} ms here, pycocotools {timing.GetProperty("total").GetDouble()} s on its machine");

        for (var i = 0; i < StatNames.Length; i++)
            Assert.Equal(expected.GetProperty("stats").GetProperty(StatNames[i]).GetDouble(), score.Stats[i], 1e-9);
        foreach (var (own, wanted) in score.PerCategory.Zip(expected.GetProperty("per_category").EnumerateArray()))
        {
            Assert.Equal(wanted.GetProperty("category_id").GetInt32(), own.CategoryId);
            Assert.Equal(wanted.GetProperty("AP").GetDouble(), own.Ap, 1e-9);
            Assert.Equal(wanted.GetProperty("AP50").GetDouble(), own.Ap50, 1e-9);
            Assert.Equal(wanted.GetProperty("AP75").GetDouble(), own.Ap75, 1e-9);
            foreach (var (figure, member) in new[] { (own.ApSmall, "APsmall"), (own.ApMedium, "APmedium"), (own.ApLarge, "APlarge"), (own.Ar1, "AR1"), (own.Ar10, "AR10"), (own.Ar100, "AR100") })
                Assert.Equal(wanted.GetProperty(member).GetDouble(), figure, 1e-9);
            CheckCurves(matches.Categories.Single(category => category.CategoryId == own.CategoryId), wanted);
        }
        Assert.Equal(expected.GetProperty("per_category").GetArrayLength(), score.PerCategory.Count);
    }

    static void CheckCurves(CategoryMatches category, JsonElement wanted)
    {
        foreach (var (threshold, member) in new[] { (CocoProtocol.Iou50, "precision_at_iou50"), (CocoProtocol.Iou75, "precision_at_iou75") })
        {
            if (!wanted.TryGetProperty(member, out var expected) || category.Positives(CocoProtocol.All) == 0) continue;
            var (precision, _) = PrecisionCurve.Points(category.OutcomesAt(CocoProtocol.All, threshold), category.Score, category.Positives(CocoProtocol.All));
            foreach (var (own, reference) in precision.Zip(expected.EnumerateArray())) Assert.Equal(reference.GetDouble(), own, 1e-9);
        }
    }

    [Fact]
    public void Compute_DetectionOnUnknownImage_SaysWhich()
    {
        var truth = new CocoGroundTruth { Images = [new() { Id = 1 }], Categories = [new() { Id = 1 }] };
        var stray = new CocoDetection { ImageId = 7, CategoryId = 1, Bbox = default, Score = 1 };
        Assert.Contains("image_id 7", Assert.Throws<InvalidDataException>(() => CocoMatches.Compute(truth, [stray])).Message);
    }
}
