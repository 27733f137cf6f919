using System.Globalization;
using CsCheck;
using RetrainLoop.Inference.Replays.Archives;

namespace RetrainLoop.Tests.Inference.Replays;

public sealed class FrameTimesTests
{
    static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    // Noon in October is 10:00 UTC in Berlin.
    [Theory]
    [InlineData("2026-10-01T12-00-00Z", "2026-10-01T12:00:00Z")]
    [InlineData("2026-10-01T12:00:00Z", "2026-10-01T12:00:00Z")]
    [InlineData("2026-10-01T12:00:00.25+02:00", "2026-10-01T10:00:00.25Z")]
    [InlineData("2026-10-01T12-00-00-05-00", "2026-10-01T17:00:00Z")]
    [InlineData("2026-10-01 12.00.00", "2026-10-01T10:00:00Z")]
    [InlineData("2026-10-01_12-00-00", "2026-10-01T10:00:00Z")]
    [InlineData("2026-10-01_12-00", "2026-10-01T10:00:00Z")]
    [InlineData("20261001_120000", "2026-10-01T10:00:00Z")]
    [InlineData("20261001T120000Z", "2026-10-01T12:00:00Z")]
    [InlineData("20261001120000", "2026-10-01T10:00:00Z")]
    [InlineData("20261001120000123", "2026-10-01T10:00:00.123Z")]
    [InlineData("20261001-120000-123", "2026-10-01T10:00:00.123Z")]
    [InlineData("IMG_20261001_120000_0017", "2026-10-01T10:00:00Z")] // a counter is no fraction
    [InlineData("cam7-20261001_120000-0130", "2026-10-01T10:00:00Z")] // and no zone
    [InlineData("1790848800", "2026-10-01T10:00:00Z")]
    [InlineData("frame_1790848800123", "2026-10-01T10:00:00.123Z")]
    [InlineData("1790848800123456", "2026-10-01T10:00:00.123456Z")]
    [InlineData("1790848800123456700", "2026-10-01T10:00:00.1234567Z")]
    [InlineData("20261025_023000", "2026-10-25T00:30:00Z")] // the hour that clocks repeat: its first pass
    public void In_NamesOfCameras_GivesTheInstant(string name, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), Assert.Single(FrameTimes.In(name, Berlin)).At);

    [Theory]
    [InlineData("frame_000123")]
    [InlineData("frame_0000001234")] // ten digits, but 1970
    [InlineData("20261001_1234")] // a day and a counter
    [InlineData("20261301_120000")]
    [InlineData("20260230_120000")]
    [InlineData("20261001_250000")]
    [InlineData("2026-10-01")]
    [InlineData("")]
    [InlineData("9999999999999999999")] // more than 63 bits
    [InlineData("٢٠٢٦١٠٠١_١٢٠٠٠٠")] // digits, but not of files
    [InlineData("१७९०८४८८००")]
    public void In_NamesWithoutATime_GivesNothing(string name) => Assert.Empty(FrameTimes.In(name, Berlin));

    [Fact]
    public void In_HourThatClocksSkip_SaysSo()
    {
        var found = Assert.Single(FrameTimes.In("20260329_023000", Berlin));
        Assert.Null(found.At);
        Assert.Contains("does not exist in Europe/Berlin", found.Problem);
        Assert.NotNull(Assert.Single(FrameTimes.In("20260329_023000Z", Berlin)).At);
    }

    [Theory]
    [InlineData("2026-10-01T12:00:00Z", true)]
    [InlineData("1790848800123", true)]
    [InlineData("at 2026-10-01T12:00:00Z", false)]
    [InlineData("2026-10-01T12:00:00Z-late", false)]
    public void Exactly_TextWithMore_IsNoTime(string text, bool isTime) => Assert.Equal(isTime, FrameTimes.Exactly(text, Berlin) is not null);

    static Gen<T> OneOf<T>(params T[] choices) => Gen.Int[0, choices.Length - 1].Select(choice => choices[choice]);

    static readonly Gen<DateTimeOffset> Instants = Gen.Long[1_000_000_000, 4_102_444_799].Select(DateTimeOffset.FromUnixTimeSeconds);

    static readonly Gen<Func<DateTimeOffset, string>> Writings = OneOf<Func<DateTimeOffset, string>>(
        at => at.ToString("yyyy-MM-ddTHH-mm-ssZ", CultureInfo.InvariantCulture), at => at.ToString("yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture),
        at => at.ToString("yyyy-MM-dd HH:mm:ss.fffZ", CultureInfo.InvariantCulture), at => at.ToString("yyyy/MM/dd/HH-mm-ssZ", CultureInfo.InvariantCulture),
        at => at.ToOffset(TimeSpan.FromHours(5.5)).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
        at => at.ToOffset(TimeSpan.FromHours(-7)).ToString("yyyy_MM_dd_HH_mm_sszzz", CultureInfo.InvariantCulture),
        at => at.ToUnixTimeSeconds().ToString("D10", CultureInfo.InvariantCulture), at => at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));

    [Fact]
    public void In_AnyInstantInAnyWriting_ComesBack() => Gen.Select(Instants, Writings, OneOf("", "cam7_", "IMG-", "a."), OneOf("", "_left", "_0017"))
        .Sample((at, write, prefix, suffix) => Assert.Single(FrameTimes.In(prefix + write(at) + suffix, Berlin)).At == at, iter: 20_000);

    [Fact]
    public void In_AnyText_NeverThrows() => Gen.String[Gen.Char["0123456789-_.:/TZ+ "], 0, 60].Sample(text => FrameTimes.In(text, Berlin).Count >= 0, iter: 50_000);
}
