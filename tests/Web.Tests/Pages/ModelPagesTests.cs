using RetrainLoop.Web.Pages.Comparisons;
using RetrainLoop.Web.Pages.Models;

namespace RetrainLoop.Tests.Web.Pages;

public sealed class ModelPagesTests
{
    [Theory]
    [InlineData("best.onnx", "best")]
    [InlineData("Yolo V8 (final).ONNX", "Yolo-V8--final-")]
    [InlineData("..weird.onnx", "weird")]
    public void NameOf_File_IsANameThatTheRegistryTakes(string file, string name) => Assert.Equal(name, UploadForm.NameOf(file));

    [Fact]
    public void Spec_OnlyWhatWasSaid_IsSent()
    {
        var form = new UploadForm();
        Assert.Null(form.Spec());
        Assert.NotNull(form.Missing());
        form.Choose("file", new ChosenFile("m.onnx", 9));
        Assert.Null(form.Missing());
        form.ClassNames = "nut, with flange\n bolt \n";
        form.Head = DetectorHead.Yolox;
        Assert.Equal("""{"head":"yolox","classNames":["nut, with flange","bolt"]}""", form.Spec());
        form.ClassNames = "nut, bolt ,gear\n";
        Assert.Equal("""{"head":"yolox","classNames":["nut","bolt","gear"]}""", form.Spec());
    }

    [Fact]
    public void Spec_Batching_IsCheckedAndSentWithoutTheRest()
    {
        var form = new UploadForm { MaxBatch = 8, MaxDelayMs = 2.5 };
        form.Choose("file", new ChosenFile("m.onnx", 9));
        Assert.Null(form.Missing());
        Assert.Equal("""{"batching":{"maxBatch":8,"maxDelayMs":2.5}}""", form.Spec());
        form.MaxBatch = 0;
        Assert.Contains("between 1 and 256", form.Missing(), StringComparison.Ordinal);
        (form.MaxBatch, form.MaxDelayMs) = (null, 1001);
        Assert.Contains("1,000 ms", form.Missing(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mAP50-95", 0.7512, "0.751")]
    [InlineData("metrics/mAP50(B)", 0.9, "0.900")]
    [InlineData("epochs", 120, "120")]
    [InlineData("loss", 1.234, "1.23")]
    public void Metric_Name_DecidesTheFormat(string name, double value, string text) => Assert.Equal(text, ModelWords.Metric(name, value));

    [Fact]
    public void Batching_Limits_AreSaidInUnits()
    {
        Assert.Null(ModelWords.Batching(null));
        Assert.Null(ModelWords.Batching(new ModelBatching()));
        Assert.Equal("at most 8 images, 2.5 ms wait at most", ModelWords.Batching(new ModelBatching(8, 2.5)));
        Assert.Equal("at most 1 image", ModelWords.Batching(new ModelBatching(1)));
    }

    [Fact]
    public void Uses_Aliases_AreFoundChampionsFirst()
    {
        var (old, fresh) = (new ModelRef("m", 1), new ModelRef("m", 2));
        var uses = ModelUses.Of(fresh, [Deployment("b", old, fresh), Deployment("a", fresh, null)]);
        Assert.Equal([new ModelUse("a", "champion"), new ModelUse("b", "candidate, 25 %")], uses);
    }

    [Fact]
    public void Alone_TwoModels_PairsEachBoxOnceWithinItsClass()
    {
        Detection[] champion = [Seen(0, 0.9f, 0), Seen(0, 0.8f, 2), Seen(1, 0.7f, 200)];
        Detection[] model = [Seen(0, 0.9f, 1), Seen(2, 0.7f, 200)];
        var (first, second) = BoxAgreement.Alone(champion, model);
        Assert.Equal([false, true, true], first);
        Assert.Equal([false, true], second);
    }

    [Fact]
    public void Alone_ModelsThatNumberTheirClassesDifferently_AgreeByName()
    {
        var (nut, same, other) = (Seen(0, 0.9f, 0), Seen(3, 0.8f, 1) with { Name = "0" }, Seen(0, 0.8f, 1) with { Name = "bolt" });
        Assert.Equal([false], BoxAgreement.Alone([nut], [same]).First);
        Assert.Equal([true], BoxAgreement.Alone([nut], [other]).First);
        var colors = BoxAgreement.Colors([Frame([nut], [other]), Frame([], [same])]);
        Assert.Equal((0, 1, 2), (colors["0"], colors["bolt"], colors.Count));
    }

    static ComparedFrame Frame(IReadOnlyList<Detection> champion, IReadOnlyList<Detection> model) => new(
        Guid.NewGuid(), "", "", DateTimeOffset.UnixEpoch, new ArtifactRef("http://inference/v1/blobs/a", "a", 1), 640, 480, model, champion, 0, 0, 0);

    [Fact]
    public void Figures_Counts_GiveAgreementAndTimeLeft()
    {
        var begun = DateTimeOffset.UnixEpoch;
        var comparison = new ComparisonInfo(
            Guid.NewGuid(), "line", new ModelRef("m", 2), new ModelRef("m", 1), begun, begun, DetectionJobState.Running, 10, 20, 5, null, null, null, null, begun, null);
        Assert.Equal(TimeSpan.FromSeconds(90), ComparisonFigures.TimeLeft(comparison, begun.AddSeconds(30)));
        Assert.Null(ComparisonFigures.Of(comparison).Agreement);
        Assert.Equal("74 of 1,200 frames, both models", ComparisonFigures.Progress(comparison with { Frames = 1200, Total = 2400, Done = 149 }));
        var figures = ComparisonFigures.Of(comparison with { Agreements = 60, OnlyModel = 30, OnlyChampion = 10, Done = 20, FinishedAt = begun });
        Assert.Equal(new ComparisonFigures(0.6, 9, 7), figures);
    }

    static Detection Seen(int kind, float confidence, float x) => new(kind, $"{kind}", confidence, x, 0, 100, 100);

    static DeploymentInfo Deployment(string name, ModelRef champion, ModelRef? candidate) => new(
        name, champion, candidate, null, 0.25, false, ["a"], 100, "UTC", 0.25, [], new SamplingPolicy(), null, 1, DateTimeOffset.UnixEpoch);
}
