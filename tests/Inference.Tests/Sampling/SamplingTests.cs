using Microsoft.Extensions.Time.Testing;
using RetrainLoop.Inference.Sampling;

namespace RetrainLoop.Tests.Inference.Sampling;

public sealed class SamplingTests
{
    static readonly ModelRef Model = new("m", 1);
    readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(5.0, 1)]
    [InlineData(0.1, 1)]
    [InlineData(5.0, 2)]
    public void Decide_SteadyCamera_KeepsItsRandomFramesPerHourEvenlySpread(double framesPerSecond, int replicas)
    {
        const int hours = 100;
        var camera = new CameraSampling(new Random(7));
        var policy = new SamplingPolicy(RandomPerCameraHour: 20);
        var quarters = new int[4];
        for (var frame = 0; frame < hours * 3600 * framesPerSecond; frame++)
        {
            if (camera.Decide(policy, null, replicas, time.GetUtcNow()) == SampleReason.Random) quarters[time.GetUtcNow().Minute / 15]++;
            time.Advance(TimeSpan.FromSeconds(1 / framesPerSecond));
        }
        var expected = 20.0 * hours / replicas;
        Assert.InRange(quarters.Sum(), expected - 5 * Math.Sqrt(expected), expected + 5 * Math.Sqrt(expected));
        Assert.All(quarters, quarter =>
            Assert.InRange(quarter, expected / 4 - 5 * Math.Sqrt(expected / 4), expected / 4 + 5 * Math.Sqrt(expected / 4)));
    }

    [Fact]
    public void Decide_RuleFrames_StayWithinTheCapsPerMinuteHourAndDay()
    {
        var camera = new CameraSampling(new Random(1));
        var policy = new SamplingPolicy(RandomPerCameraHour: 0, Caps: new SamplingCaps(PerMinute: 2, PerHour: 5, PerDay: 12));
        var kept = new List<DateTimeOffset>();
        for (var frame = 0; frame < 24 * 3600; frame++)
        {
            if (camera.Decide(policy, SampleReason.EmptyFrame, 1, time.GetUtcNow()) is not null) kept.Add(time.GetUtcNow());
            time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(12, kept.Count);
        Assert.Equal(2, kept.GroupBy(at => at.Ticks / TimeSpan.TicksPerMinute).Max(group => group.Count()));
        Assert.Equal(5, kept.GroupBy(at => at.Ticks / TimeSpan.TicksPerHour).Max(group => group.Count()));
        Assert.Equal(SampleReason.EmptyFrame, camera.Decide(policy, SampleReason.EmptyFrame, 1, time.GetUtcNow())); // the next day
    }

    [Fact]
    public void Decide_CapsUsedUp_StillKeepsRandomFrames()
    {
        var camera = new CameraSampling(new Random(1));
        var policy = new SamplingPolicy(RandomPerCameraHour: 1_000_000, Caps: new SamplingCaps(0, 0, 0));
        Assert.Equal(SampleReason.Random, camera.Decide(policy, SampleReason.EmptyFrame, 1, time.GetUtcNow()));
    }

    [Theory]
    [InlineData("", SampleReason.EmptyFrame)]
    [InlineData("0.3", SampleReason.ConfidenceBand)]
    [InlineData("0.9 0.3", SampleReason.ConfidenceBand)]
    [InlineData("0.9", null)]
    [InlineData("0.2", SampleReason.EmptyFrame)] // below the operating point nothing was seen
    public void ReasonOf_Detections_GivesTheFirstRule(string confidences, SampleReason? expected) =>
        Assert.Equal(expected, SamplingRules.ReasonOf(new SamplingPolicy(), Frame(confidences), 0.25, time.GetUtcNow()));

    [Fact]
    public void ReasonOf_DriftScore_SumsOverWhatTheFrameShows()
    {
        var ratios = new double[1000];
        ratios[SignalBins.Confidence.IndexOf(0.6)] = 1.5;
        var table = new LikelihoodRatioTable(Model, new Dictionary<string, IReadOnlyList<double>> {
            ["confidence"] = ratios, ["brightness"] = Enumerable.Repeat(-0.5, 256).ToList() });
        Assert.Equal(2.5, SamplingRules.Score(table, Frame("0.6 0.6")), 9);
        SampleReason? Reason(double threshold, ModelRef model, int minutes) => SamplingRules.ReasonOf(
            new SamplingPolicy(DriftScore: new DriftScoreRule(table with { Model = model }, threshold, time.GetUtcNow().AddMinutes(minutes))),
            Frame("0.6 0.6"), 0.25, time.GetUtcNow());
        Assert.Equal(SampleReason.DriftScore, Reason(2.5, Model, 1));
        Assert.Null(Reason(2.6, Model, 1));
        Assert.Null(Reason(2.5, new ModelRef("m", 2), 1)); // another model's scores
        Assert.Null(Reason(2.5, Model, 0)); // over
    }

    static FrameContent Frame(string confidences) => new(
        Model, [.. confidences.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(text => new Detection(0, "x", float.Parse(text, System.Globalization.CultureInfo.InvariantCulture), 0, 0, 10, 10))],
        100, 100, new ImageStatistics(100, 10, 50));
}
