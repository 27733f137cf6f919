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
        form.ClassNames = "nut\n bolt ,gear\n";
        form.Head = DetectorHead.Yolox;
        Assert.Equal("""{"head":"yolox","classNames":["nut","bolt","gear"]}""", form.Spec());
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
        var figures = ComparisonFigures.Of(comparison with { Agreements = 60, OnlyModel = 30, OnlyChampion = 10, Done = 20, FinishedAt = begun });
        Assert.Equal(new ComparisonFigures(0.6, 9, 7), figures);
    }

    static Detection Seen(int kind, float confidence, float x) => new(kind, $"{kind}", confidence, x, 0, 100, 100);

    static DeploymentInfo Deployment(string name, ModelRef champion, ModelRef? candidate) => new(
        name, champion, candidate, null, 0.25, false, ["a"], 100, "UTC", 0.25, [], new SamplingPolicy(), null, 1, DateTimeOffset.UnixEpoch);
}
