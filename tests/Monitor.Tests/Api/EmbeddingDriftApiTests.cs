using System.Net;
using RetrainLoop.Tests.Monitor.Drift.Embeddings;

namespace RetrainLoop.Tests.Monitor.Api;

/// <summary>Embedding distance from Inference's answer to the report, with Inference away in between.</summary>
public sealed class EmbeddingDriftApiTests(PostgresServer postgres, RedisServer redis) : MonitorService(postgres, redis)
{
    const string Reports = "/v1/deployments/line/drift-reports";
    readonly Dictionary<DateTimeOffset, FrameEmbedding> answered = [];
    readonly Random random = new(5);
    DateTimeOffset moved = DateTimeOffset.MaxValue;

    [Fact]
    public async Task Report_InferenceAwayBackAndMoved_SaysWhyThenStableThenDrift()
    {
        await PublishAsync(Batches.Deployment());
        await PostAsync<BaselineInfo>("/v1/deployments/line/baselines", new BaselineRequest("initial", Batches.Model));
        await PlayAsync(TimeSpan.FromMinutes(2));
        await Eventually.TrueAsync(async () =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return (await GetAsync<List<BaselineInfo>>("/v1/deployments/line/baselines")).Single().State == BaselineState.Locked;
        }, "the baseline locks, without Inference");

        await PlayAsync(TimeSpan.FromMinutes(2));
        var (report, away) = await ReportAsync();
        Assert.Equal((DriftLevel.Stable, DriftLevel.Inconclusive), (report.Level, away.Level)); // made all the same
        Assert.Contains("could not be asked", away.Explanation, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Reports}/{report.Id}/distributions?signal=embeddingDistance")).StatusCode);

        Neighbours.Embeddings = Embeddings;
        var (_, stable) = await ReportAsync();
        Assert.True(stable is { Level: DriftLevel.Stable, CurrentCount: > 200 }, stable.Explanation);

        Neighbours.Embeddings = (from, to) => from < Time.GetUtcNow().AddMinutes(-3) ? throw new InvalidOperationException("The reference is kept.") : Embeddings(from, to);
        moved = Time.GetUtcNow();
        await PlayAsync(TimeSpan.FromMinutes(2));
        var (found, drift) = await ReportAsync();
        Assert.True(drift is { Level: DriftLevel.Drift, Distance: > 0.3 }, drift.Explanation);
        Assert.Equal(DriftLevel.Stable, found.Level); // it explains, and does not decide
        Neighbours.Embeddings = null;
        await DistributionsAsync(found, drift);
        Neighbours.Embeddings = Embeddings;
        await FramesAsync(found, drift);
        await ManyClicksAsync(found);
    }

    async Task DistributionsAsync(DriftReport report, SignalDrift drift)
    {
        var path = $"{Reports}/{report.Id}/distributions?signal=embeddingDistance";
        var distances = await GetAsync<SignalDistributions>(path);
        Assert.Equal(("cosine distance", drift.CurrentCount, drift.BaselineCount), (distances.Unit, distances.CurrentCount, distances.BaselineCount));
        Assert.Equal((1.0, 1.0), (Math.Round(distances.Baseline.Sum(), 9), Math.Round(distances.Current.Sum(), 9)));
        Assert.Equal(drift.CurrentCount, (await GetAsync<SignalDistributions>($"{path}&camera=cam-1")).CurrentCount);
        Assert.Equal(0, (await GetAsync<SignalDistributions>($"{path}&camera=elsewhere")).CurrentCount);
        var week = Assert.Single(await GetAsync<List<DriftWeek>>("/v1/deployments/line/drift-weeks?signal=embeddingDistance&weeks=4"));
        Assert.Equal((new DateOnly(2026, 11, 23), 0.1), (week.Week, week.DistanceThreshold)); // the report with the longest window, by chance any of them
    }

    async Task FramesAsync(DriftReport report, SignalDrift drift)
    {
        var frames = await GetAsync<FrameDistances>($"{Reports}/{report.Id}/frame-distances?limit=5");
        Assert.Equal((5, 5), (frames.Baseline.Count, frames.Current.Count));
        Assert.True(frames.Current[0].Distance > frames.Current[4].Distance && frames.Current[4].Distance > drift.BaselineMean);
        var bin = await GetAsync<FrameDistances>(FormattableString.Invariant($"{Reports}/{report.Id}/frame-distances?low={frames.Current[2].Distance:R}&camera=cam-1"));
        Assert.Equal(frames.Current.Take(3), bin.Current);
        Assert.Empty((await GetAsync<FrameDistances>($"{Reports}/{report.Id}/frame-distances?camera=elsewhere")).Current);
    }

    /// <summary>Each takes few embeddings, and only two take some at a time.</summary>
    async Task ManyClicksAsync(DriftReport report)
    {
        var running = 0;
        using var third = new ManualResetEventSlim();
        Neighbours.Embeddings = (from, to) =>
        {
            if (Interlocked.Increment(ref running) > 2) third.Set();
            third.Wait(TimeSpan.FromMilliseconds(100)); // time for a third one to come
            Interlocked.Decrement(ref running);
            return Embeddings(from, to);
        };
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => GetAsync<FrameDistances>($"{Reports}/{report.Id}/frame-distances?limit=1")));
        Assert.False(third.IsSet);
        Assert.Equal(2000, Neighbours.EmbeddingLimit);
    }

    async Task<(DriftReport Report, SignalDrift Embedding)> ReportAsync()
    {
        await Eventually.TrueAsync(async () =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return (await GetAsync<DeploymentSummary>("/v1/deployments/line/summary")).Lag < 12;
        }, "telemetry is folded");
        var report = await PostAsync<DriftReport>(Reports, new { });
        return (report, report.Signals.Single(signal => signal.Signal == "embeddingDistance"));
    }

    /// <summary>Two frames a second.</summary>
    IEnumerable<FrameEmbedding> Embeddings(DateTimeOffset from, DateTimeOffset to)
    {
        var asked = new List<FrameEmbedding>();
        lock (answered)
            for (var at = from; at < to; at += TimeSpan.FromSeconds(0.5))
            {
                if (!answered.TryGetValue(at, out var frame))
                    answered[at] = frame = new FrameEmbedding(
                        Guid.NewGuid(), "cam-1", at, true, FrameEmbedding.Pack(PlayedFrames.Unit(random, PlayedFrames.Dimensions, at < moved ? 0 : 0.2)));
                asked.Add(frame);
            }
        return asked;
    }
}
