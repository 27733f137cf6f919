using RetrainLoop.Web.Pages.Alerts;

namespace RetrainLoop.Tests.Web.Pages.Alerts;

public sealed class ReplicaWordsTests
{
    static TelemetryReplica Replica(double lag = 1, double foldingLag = 3, double skew = 0, bool silent = false, bool corrected = false) =>
        new("inference-1", Guid.Empty, DateTimeOffset.UnixEpoch, silent, DateTimeOffset.UnixEpoch, lag, foldingLag, skew, corrected);

    [Fact]
    public void State_Replica_SaysWhoLags()
    {
        Assert.Equal("Reports", ReplicaWords.State(Replica()).Word);
        Assert.Equal("Sends a backlog", ReplicaWords.State(Replica(lag: 600)).Word);
        Assert.Equal("Monitor lags", ReplicaWords.State(Replica(lag: 600, foldingLag: 300)).Word);
        Assert.Equal("Silent", ReplicaWords.State(Replica(lag: 600, silent: true)).Word);
    }

    [Theory]
    [InlineData(0.4, false, "in step")]
    [InlineData(4.2, false, "4.20 s ahead")]
    [InlineData(-42, true, "42.0 s behind, corrected")]
    public void Clock_Skew_SaysWhichWayAndWhetherItIsCorrected(double skew, bool corrected, string words) =>
        Assert.Equal(words, ReplicaWords.Clock(Replica(skew: skew, corrected: corrected)));
}
