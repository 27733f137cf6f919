using RetrainLoop.Web.Pages.Label;

namespace RetrainLoop.Tests.Web.Pages;

public sealed class StartingBoxesTests
{
    static LabelTask Frame(params LabelBox[]? draft) => new(
        Guid.NewGuid(), "line", Guid.NewGuid(), "f", "cam", "munich", DateTimeOffset.UnixEpoch, SampleReason.Random, LabelTaskState.Leased, 0.5,
        new ArtifactRef("http://labeling/v1/blobs/x", "x", 1), 640, 480, ["washer", "nut"],
        [new Detection(0, "washer", 0.9f, 10, 10, 20, 20), new Detection(1, "nut", 0.4f, 100, 100, 30, 30)], draft, null, null, null, "\"1\"", null);

    [Fact]
    public void Of_NoDraft_SuggestsWhatTheModelSaw()
    {
        var boxes = StartingBoxes.Of(Frame(null));
        Assert.Equal([0.9, 0.4], boxes.Select(box => Math.Round(box.Confidence!.Value, 3)));
        Assert.All(boxes, box => Assert.False(box.Confirmed));
    }

    [Fact]
    public void Of_Draft_KeepsUntouchedBoxesAsSuggestionsAndChangedOnesAsDone()
    {
        var boxes = StartingBoxes.Of(Frame(new LabelBox(0, 10, 10, 20, 20), new LabelBox(0, 100, 100, 30, 30), new LabelBox(1, 5, 5, 5, 5)));
        Assert.Equal([false, true, true], boxes.Select(box => box.Confirmed));
        Assert.Equal(3, boxes.Select(box => box.Id).Distinct().Count());
    }

    [Fact]
    public void Of_EmptyDraft_IsAnEmptyFrame() => Assert.Empty(StartingBoxes.Of(Frame([])));
}
