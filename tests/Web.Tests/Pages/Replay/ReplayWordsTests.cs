using RetrainLoop.Web.Pages.Replay;

namespace RetrainLoop.Tests.Web.Pages.Replay;

public sealed class ReplayWordsTests
{
    [Theory]
    [InlineData(ReplayState.Failed, true, "Monitor refused. Upload")]
    [InlineData(ReplayState.Cancelled, true, "Upload the archive again to see")]
    [InlineData(ReplayState.Succeeded, true, "Monitor has nothing of them")]
    [InlineData(ReplayState.Succeeded, false, "asks again")]
    [InlineData(ReplayState.Failed, false, "asks again")]
    public void Missing_EndedReplay_SaysWhyThereIsNoReport(ReplayState state, bool monitorAnswers, string words) =>
        Assert.Contains(words, ReplayWords.Missing(Replay(state), monitorAnswers).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData(true, false, "Nothing was kept")]
    [InlineData(false, false, "what was sent is gone")]
    [InlineData(true, true, "if it is in the list")]
    [InlineData(false, true, "Look in the list")]
    public void Of_UploadWithoutAnswer_ClaimsOnlyWhatIsKnown(bool cancelled, bool whole, string words) =>
        Assert.Contains(words, ReplayEnd.Of(cancelled, whole), StringComparison.Ordinal);

    static ReplayInfo Replay(ReplayState state) => new(
        Guid.NewGuid(), "October", "line", "october.zip", new ModelRef("m", 1), state, 10, 10, 0, 1, 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, null,
        state == ReplayState.Failed ? "Monitor refused." : null, "ada", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
}
