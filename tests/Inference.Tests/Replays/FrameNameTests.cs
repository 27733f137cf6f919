using System.Globalization;
using RetrainLoop.Inference.Replays.Archives;

namespace RetrainLoop.Tests.Inference.Replays;

public sealed class FrameNameTests
{
    [Theory]
    [InlineData("cam-1/2026-10-01T12-00-00Z.jpg", null, "cam-1")]
    [InlineData("munich/cam-1/20261001_120000.jpg", "munich", "cam-1")]
    [InlineData("munich/hall/cam-1/20261001_120000.jpg", "munich", "cam-1")]
    [InlineData("cam-1/2026-10-01/12-00-00.jpg", null, "cam-1")]
    [InlineData("cam-1/2026/10/01/12-00-00.jpg", null, "cam-1")]
    [InlineData("cam-1/20261001/20261001_120000.jpg", null, "cam-1")]
    [InlineData("cam-1_20261001_120000.jpg", null, "cam-1")]
    [InlineData("20261001_120000.jpg", null, null)]
    [InlineData("7/1790856000.png", null, "7")]
    public void Of_Path_SaysTimeRegionAndCamera(string path, string? region, string? camera)
    {
        var name = FrameName.Of(path, TimeZoneInfo.Utc);
        Assert.Equal(DateTimeOffset.Parse("2026-10-01T12:00:00Z", CultureInfo.InvariantCulture), name.At);
        Assert.Equal((region, camera), name.Place());
    }

    [Fact]
    public void Of_TwoTimesInOneName_IsAProblem()
    {
        var name = FrameName.Of("cam/20261001_120000-20261001_120500.jpg", TimeZoneInfo.Utc);
        Assert.Null(name.At);
        Assert.Contains("more than one time", name.Problem);
    }

    [Fact]
    public void Of_NoTimeAnywhere_LeavesItToExif() => Assert.Equal((null, null), (FrameName.Of("cam/DSC0001.jpg", TimeZoneInfo.Utc) is var name ? (name.At, name.Problem) : default));
}
