using RetrainLoop.Inference.Replays.Archives;

namespace RetrainLoop.Tests.Inference.Replays;

public sealed class FrameListTests
{
    readonly Findings findings = new();

    IReadOnlyList<ListedFrame> Parse(string text) => FrameList.Parse(text, "frames.csv", TimeZoneInfo.Utc, findings);

    [Fact]
    public void Parse_ColumnsInAnyOrderAndQuotes_GivesFrames()
    {
        var frames = Parse("captured_at,camera,file\r\n2026-10-01 12:00:00,\"cam \"\"A\"\", north\",a.jpg\r\n\r\n1790856060000,,b/c.jpg\r\n");
        Assert.Equal([(2, "a.jpg", "cam \"A\", north"), (4, "b/c.jpg", null)], frames.Select(frame => (frame.Line, frame.File, frame.Camera)));
        Assert.Equal(TimeSpan.FromMinutes(1), frames[1].CapturedAt - frames[0].CapturedAt);
        Assert.Equal(0, findings.Count);
    }

    [Fact]
    public void Parse_WrongLines_NamesEachWithItsNumber()
    {
        Parse("file,captured_at\na.jpg,yesterday\n,2026-10-01T12:00:00Z\nb.jpg\nc.jpg,\"2026-10-01T12:00:00Z\n");
        Assert.Equal([2, 3, 4, 5], findings.First.Select(finding => finding.Line!.Value));
        Assert.Contains("'yesterday' is no time", findings.First[0].Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("file,when\na.jpg,2026-10-01T12:00:00Z")]
    public void Parse_NoHeader_IsOneFinding(string text)
    {
        Assert.Empty(Parse(text));
        Assert.Equal(1, findings.Count);
    }
}
