using CsCheck;
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
            if (camera.Decide(policy, null, replicas, true, time.GetUtcNow()) == SampleReason.Random) quarters[time.GetUtcNow().Minute / 15]++;
            time.Advance(TimeSpan.FromSeconds(1 / framesPerSecond));
        }
        var expected = 20.0 * hours / replicas;
        Assert.InRange(quarters.Sum(), expected - 5 * Math.Sqrt(expected), expected + 5 * Math.Sqrt(expected));
        Assert.All(quarters, quarter =>
            Assert.InRange(quarter, expected / 4 - 5 * Math.Sqrt(expected / 4), expected / 4 + 5 * Math.Sqrt(expected / 4)));
    }

    [Fact]
    public void Decide_EmbeddingFrames_AreDrawnFromAllFramesBesideTheRandomOnes()
    {
        var camera = new CameraSampling(new Random(11));
        var policy = new SamplingPolicy(RandomPerCameraHour: 60, EmbeddingsPerCameraHour: 360, Caps: new SamplingCaps(0, 0, 0));
        var counts = new Dictionary<(SampleReason?, bool), int>();
        for (var frame = 0; frame < 100 * 3600; frame++, time.Advance(TimeSpan.FromSeconds(1)))
        {
            var rule = frame % 2 == 0 ? SampleReason.Class : (SampleReason?)null;
            var reason = camera.Decide(policy, rule, 1, true, time.GetUtcNow());
            counts[(reason, rule is null)] = counts.GetValueOrDefault((reason, rule is null)) + 1;
        }
        Assert.InRange(counts[(SampleReason.Random, true)] + counts[(SampleReason.Random, false)], 5600, 6400);
        Assert.InRange(counts[(SampleReason.EmbeddingOnly, true)], 17_400, 18_600);
        Assert.InRange(counts[(SampleReason.EmbeddingOnly, false)], 17_400, 18_600); // frames of a rule no less
    }

    [Fact]
    public void Decide_SlowCamera_LeavesFramesToTheRules()
    {
        const int hours = 200; // of 60 frames, 20 of them random: 20 of the others are for embeddings, and 20 are left
        var camera = new CameraSampling(new Random(5));
        var policy = new SamplingPolicy(RandomPerCameraHour: 20, EmbeddingsPerCameraHour: 100, Caps: new SamplingCaps(60, 60, 60 * 24));
        var reasons = new List<SampleReason?>();
        for (var frame = 0; frame < hours * 60; frame++, time.Advance(TimeSpan.FromMinutes(1)))
            reasons.Add(camera.Decide(policy, SampleReason.Class, 1, true, time.GetUtcNow()));
        foreach (var reason in new[] { SampleReason.Random, SampleReason.EmbeddingOnly, SampleReason.Class })
            Assert.InRange(reasons.Count(one => one == reason), hours * 18, hours * 22);
    }

    [Fact]
    public void Decide_FramesWithoutEmbedding_AreNotDrawnForItAndLeftToTheRules()
    {
        var camera = new CameraSampling(new Random(5));
        var policy = new SamplingPolicy(RandomPerCameraHour: 0, EmbeddingsPerCameraHour: 1800, Caps: new SamplingCaps(60, 3600, 3600));
        for (var frame = 0; frame < 1000; frame++, time.Advance(TimeSpan.FromSeconds(1)))
            Assert.Equal(SampleReason.Class, camera.Decide(policy, SampleReason.Class, 1, false, time.GetUtcNow()));
    }

    [Theory]
    [InlineData(SampleReason.EmbeddingOnly, 32, 64, true)]
    [InlineData(SampleReason.EmbeddingOnly, 33, 64, false)] // more than half of the backlog waits
    [InlineData(SampleReason.Random, 63, 64, true)]
    [InlineData(SampleReason.Random, 64, 64, false)]
    [InlineData(SampleReason.EmbeddingOnly, 0, 1, true)]
    public void HasRoom_Backlog_KeepsHalfForFramesThatAreLabelled(SampleReason reason, int waiting, int backlog, bool expected) =>
        Assert.Equal(expected, FrameKeeper.HasRoom(reason, waiting, backlog));

    [Theory]
    [InlineData(100, 60, 100, true)]
    [InlineData(101, 60, 100, false)]
    [InlineData(120, 120, 100, true)] // alone
    [InlineData(240, 120, 100, false)]
    public void HasRoom_Memory_IsBoundedButForAFrameThatWaitsAlone(long all, long own, long most, bool expected) =>
        Assert.Equal(expected, FrameKeeper.HasRoom(all, own, most));

    [Fact]
    public void Decide_RuleFrames_StayWithinTheCapsPerMinuteHourAndDay()
    {
        var camera = new CameraSampling(new Random(1));
        var policy = new SamplingPolicy(RandomPerCameraHour: 0, Caps: new SamplingCaps(PerMinute: 2, PerHour: 5, PerDay: 12));
        var kept = new List<DateTimeOffset>();
        for (var frame = 0; frame < 24 * 3600; frame++)
        {
            if (camera.Decide(policy, SampleReason.EmptyFrame, 1, true, time.GetUtcNow()) is not null) kept.Add(time.GetUtcNow());
            time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(12, kept.Count);
        Assert.Equal(2, kept.GroupBy(at => at.Ticks / TimeSpan.TicksPerMinute).Max(group => group.Count()));
        Assert.Equal(5, kept.GroupBy(at => at.Ticks / TimeSpan.TicksPerHour).Max(group => group.Count()));
        Assert.Equal(SampleReason.EmptyFrame, camera.Decide(policy, SampleReason.EmptyFrame, 1, true, time.GetUtcNow())); // the next day
    }

    [Fact]
    public void Decide_AnyArrivalsAndCaps_NeverKeepsMoreThanACap()
    {
        var caps = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 12], Gen.Int[0, 40]).Select(all => new SamplingCaps(all.Item1, all.Item2, all.Item3));
        Gen.Select(caps, Gen.Double[0.2, 400].Array[1, 400]).Sample((limits, pauses) =>
        {
            var camera = new CameraSampling(new Random(3));
            var policy = new SamplingPolicy(RandomPerCameraHour: 0, Caps: limits);
            var now = time.GetUtcNow();
            var kept = new List<DateTimeOffset>();
            foreach (var pause in pauses)
            {
                now = now.AddSeconds(pause);
                if (camera.Decide(policy, SampleReason.Class, 1, true, now) is not null) kept.Add(now);
            }
            return Most(kept, TimeSpan.TicksPerMinute) <= limits.PerMinute && Most(kept, TimeSpan.TicksPerHour) <= limits.PerHour
                && Most(kept, TimeSpan.TicksPerDay) <= limits.PerDay;
        }, iter: 300);

        static int Most(List<DateTimeOffset> kept, long ticks) => kept.GroupBy(at => at.Ticks / ticks).Select(group => group.Count()).DefaultIfEmpty().Max();
    }

    [Fact]
    public void Decide_FramesOfAnHour_AreEquallyLikelyByPlaceAndByContent()
    {
        // 400 cameras of 720 frames an hour: each tenth of the frames, and each kind of content, gets its share.
        var counts = new int[20];
        for (var number = 0; number < 400; number++)
        {
            var camera = new CameraSampling(new Random(number));
            var now = time.GetUtcNow();
            for (var frame = 0; frame < 2 * 720; frame++, now = now.AddSeconds(5))
            {
                var rule = frame % 2 == 0 ? SampleReason.EmptyFrame : (SampleReason?)null;
                if (camera.Decide(new SamplingPolicy(RandomPerCameraHour: 20), rule, 1, true, now) == SampleReason.Random && frame >= 720)
                    counts[(frame - 720) / 72 * 2 + frame % 2]++;
            }
        }
        var expected = counts.Sum() / 20.0;
        Assert.InRange(counts.Sum(), 400 * 20 * 0.95, 400 * 20 * 1.05);
        var chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
        Assert.True(chiSquare < 43.8, $"chi-square {chiSquare:F1}, at a thousandth 43.8"); // 19 degrees of freedom
    }

    [Fact]
    public void ReasonOf_WantedClass_ComesBeforeTheOtherRulesAndNeedsTheOperatingPoint()
    {
        var policy = new SamplingPolicy(Classes: ["nut", "bolt"]);
        Assert.Equal(SampleReason.Class, Reason(policy, At("nut", 0.3f, 0), At("screw", 0.31f, 0)));
        Assert.Null(Reason(policy, At("screw", 0.9f, 0)));
        Assert.Equal(SampleReason.EmptyFrame, Reason(policy with { BandLow = 0.25 }, At("nut", 0.2f, 0)));
    }

    [Theory]
    [InlineData("a", "b", 0.85f, 0f, SampleReason.LowMargin)]
    [InlineData("a", "b", 0.75f, 0f, null)] // the model is sure enough which of the two it is
    [InlineData("a", "a", 0.85f, 0f, null)] // one class twice is a matter of suppression
    [InlineData("a", "b", 0.85f, 15f, null)] // two objects beside each other
    public void ReasonOf_TwoClassesAtOnePlace_IsALowMargin(string first, string second, float confidence, float x, SampleReason? expected) =>
        Assert.Equal(expected, Reason(new SamplingPolicy(LowMargin: 0.1), At(first, 0.9f, 0), At(second, confidence, x)));

    [Fact]
    public void Margin_AnyDetections_IsTheSmallestDifferenceOfAllContestedPairs()
    {
        var box = Gen.Select(Gen.Int[0, 2], Gen.Float[0, 1], Gen.Int[0, 12]).Select(all => At($"{all.Item1}", all.Item2, all.Item3));
        box.Array[0, 15].Sample(boxes =>
        {
            Detection[] sorted = [.. boxes.OrderByDescending(detection => detection.Confidence)];
            var expected = sorted.SelectMany(a => sorted, (a, b) => (a, b))
                .Where(pair => pair.a.Class != pair.b.Class && Box.IoU(pair.a.ToBox(), pair.b.ToBox()) >= 0.5f)
                .Select(pair => Math.Abs(pair.a.Confidence - pair.b.Confidence)).Append(1f).Min();
            return SamplingRules.Margin(sorted) == expected && SamplingRules.Margin(sorted, 0.1f) == Math.Min(0.1f, expected);
        }, iter: 1000);
    }

    SampleReason? Reason(SamplingPolicy policy, params Detection[] detections) => SamplingRules.ReasonOf(policy with { BandHigh = policy.BandLow },
        new FrameContent(Model, detections, 100, 100, new ImageStatistics(100, 10, 50)), 0.25, time.GetUtcNow());

    static Detection At(string name, float confidence, float x) => new(name[0], name, confidence, x, 0, 20, 20);

    [Fact]
    public void Decide_CapsUsedUp_StillKeepsRandomFrames()
    {
        var camera = new CameraSampling(new Random(1));
        var policy = new SamplingPolicy(RandomPerCameraHour: 1_000_000, Caps: new SamplingCaps(0, 0, 0));
        Assert.Equal(SampleReason.Random, camera.Decide(policy, SampleReason.EmptyFrame, 1, true, time.GetUtcNow()));
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
        Assert.Equal(2.5, SamplingRules.Score(table, Frame("0.6 0.6"), 0.25), 9);
        Assert.Equal(-0.5, SamplingRules.Score(table, Frame("0.7 0.6"), 0.65), 9); // as telemetry counts, of which the table was made
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
