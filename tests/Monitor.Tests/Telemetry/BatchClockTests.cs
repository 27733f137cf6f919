using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Tests.Monitor.Telemetry;

public sealed class BatchClockTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    static readonly TelemetryOptions Limits = new();

    /// <summary>The second before the batch was cut, on a clock that is so many seconds ahead, received so many seconds after it was cut.</summary>
    static (double Second, string? Refusal) Settle(double ahead, double waited = 0, bool header = true)
    {
        var cut = Noon.AddSeconds(ahead - waited);
        var batch = Batches.Batch(1, cut, Batches.Second(cut.AddSeconds(-1)));
        var settled = BatchClock.Settle(Header(batch), BatchClock.Skew(Header(batch), Noon, header ? Noon.AddSeconds(ahead) : null), Noon, Limits);
        return (batch.Series[0].Second + settled.Shift - Noon.ToUnixTimeSeconds(), settled.Refusal);
    }

    static BatchHeader Header(TelemetryBatch batch) => TelemetryBody.Header(TelemetryBatchCodec.Encode(batch));

    [Theory]
    [InlineData(0, 0, true, -1)]
    [InlineData(1.5, 0, true, 0.5)] // within the tolerance: as it is
    [InlineData(30, 0, true, -1)]
    [InlineData(-30, 0, true, -1)]
    [InlineData(30, 0, false, -1)] // ahead of what was received: no header needed
    [InlineData(0, 600, true, -601)] // a batch that waited on disk is old, not wrong
    [InlineData(-30, 600, true, -601)]
    [InlineData(-30, 0, false, -31)] // could as well have waited
    public void Settle_ClockOff_ShiftsByTheMeasuredDifference(double ahead, double waited, bool header, double expected) =>
        Assert.Equal(expected, Settle(ahead, waited, header).Second, tolerance: 0.51);

    [Theory]
    [InlineData(7200)]
    [InlineData(-7200)]
    public void Settle_ClockHoursOff_IsRefusedWithTheDifference(double ahead) =>
        Assert.Contains("7200 seconds", Settle(ahead).Refusal, StringComparison.Ordinal);

    [Fact]
    public void Settle_PoisonedSecond_RefusesTheBatch()
    {
        var batch = Batches.Batch(1, Noon, Batches.Second(Noon.AddSeconds(-1)), Batches.Second(Noon.AddYears(2)));
        Assert.Contains("future", BatchClock.Settle(Header(batch), TimeSpan.Zero, Noon, Limits).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Settle_WatermarkAhead_IsRefused()
    {
        var batch = Batches.Batch(1, Noon, Batches.Second(Noon.AddSeconds(-1))) with { Watermark = Noon.AddHours(1) };
        Assert.Contains("watermark", BatchClock.Settle(Header(batch), TimeSpan.Zero, Noon, Limits).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Settle_OlderThanAnythingKept_IsRefused()
    {
        var batch = Batches.Batch(1, Noon, Batches.Second(Noon.AddYears(-10)));
        Assert.Contains("older", BatchClock.Settle(Header(batch), TimeSpan.Zero, Noon, Limits).Refusal, StringComparison.Ordinal);
    }
}
