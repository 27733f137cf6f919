using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Tests.Monitor.Telemetry;

public sealed class TelemetryCoverageTests
{
    static readonly DateTime Noon = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    static BootCoverage Boot(int from, int watermark, int received) => new(Noon.AddSeconds(from), Noon.AddSeconds(watermark), Noon.AddSeconds(received));

    [Fact]
    public void ClosedUntil_TwoLiveReplicas_IsTheSlowerOne() =>
        Assert.Equal(Noon.AddSeconds(-8), new TelemetryCoverage([Boot(-100, -2, -1), Boot(-100, -8, -3)]).ClosedUntil(Noon, Grace).UtcDateTime);

    [Fact]
    public void ClosedUntil_OneReplicaGone_NoLongerWaitsForIt() =>
        Assert.Equal(Noon.AddSeconds(-2), new TelemetryCoverage([Boot(-100, -2, -1), Boot(-100, -60, -59)]).ClosedUntil(Noon, Grace).UtcDateTime);

    [Fact]
    public void ClosedUntil_ReplicaReplaysItsBacklog_WaitsForIt() =>
        Assert.Equal(Noon.AddSeconds(-600), new TelemetryCoverage([Boot(-900, -600, -1)]).ClosedUntil(Noon, Grace).UtcDateTime);

    [Fact]
    public void ClosedUntil_AllGone_IsTheGraceTimeAgo() =>
        Assert.Equal(Noon - Grace, new TelemetryCoverage([Boot(-900, -600, -600)]).ClosedUntil(Noon, Grace).UtcDateTime);

    [Fact]
    public void ClosedUntil_WatermarkFromTheFuture_IsNow() =>
        Assert.Equal(Noon, new TelemetryCoverage([Boot(-900, 600, -1)]).ClosedUntil(Noon, Grace).UtcDateTime);
}
