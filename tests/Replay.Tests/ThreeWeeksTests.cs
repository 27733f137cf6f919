using System.Globalization;
using System.Net;
using System.Text.Json;
using RetrainLoop.Tests.Inference;
using RetrainLoop.Tests.Inference.Replays;

namespace RetrainLoop.Tests.Replay;

/// <summary>
/// Three weeks of a line whose light darkens in the third, with a blackout on its last day: from a zip through the real Inference and the real
/// Monitor. The tiny model sees one bright object in each frame, as sure of it as the frame is bright.
/// </summary>
public sealed class ThreeWeeksTests(PostgresServer postgres, RedisServer redis, ITestOutputHelper output) : IAsyncLifetime
{
    const int Days = 21, FramesPerDay = 96;
    static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    static readonly DateTime Monday = new(2024, 9, 2);
    readonly TwoServices services = new(postgres, redis);

    public async ValueTask InitializeAsync()
    {
        await services.StartAsync();
        await services.DeployAsync(new DeploymentRequest("tiny", 1, Zone: Berlin.Id, OperatingPoint: 0.7));
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    [Fact]
    public async Task Replay_LightDarkensInWeekThree_ShowsDriftAndAlertsAndTouchesNothingLive()
    {
        var started = TimeProvider.System.GetTimestamp();
        var replay = await TwoServices.ReadAsync<ReplayInfo>(
            await services.Inference.PostAsync("/v1/deployments/line/replays?name=September", new ByteArrayContent(Archive())));
        Assert.Equal((Days * FramesPerDay, 2), (replay.Frames, replay.Cameras));
        await Eventually.TrueAsync(async () => (await ReplayAsync(replay.Id)).Done >= 500, "a quarter is through");
        await services.RestartInferenceAsync();
        var report = await Eventually.NotNullAsync(async () => await ReportAsync(replay.Id) is { Complete: true } done ? done : null, "all is judged");
        output.WriteLine($"{report.Figures.Frames} frames over {Days} days in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F1} s");
        Print(report);

        Assert.Equal(Days * FramesPerDay, report.Figures.Frames); // each once, although Inference was ended in the middle
        Assert.Equal(Enumerable.Range(0, Days).Select(Midnight), report.Periods.Select(period => period.From));
        Assert.Equal(Midnight(7), report.BaselineUntil);
        Assert.All(report.Periods.Take(7), period => Assert.True(period is { Baseline: true, Level: null }));
        Assert.All(report.Periods.Skip(7).Take(7), period => Assert.NotEqual(DriftLevel.Drift, period.Level));
        Assert.All(report.Periods.Skip(14), period => Assert.Equal(DriftLevel.Drift, period.Level));
        Assert.Equal((Midnight(14), Midnight(14)), (report.Figures.FirstDrift, report.Figures.DriftSince));

        Assert.All(report.Alerts, alert => Assert.True(alert.Replay));
        Assert.Equal(["Confidence drifted", "Mean confidence shifted", "Detections per request dropped"], report.Alerts.Select(alert => alert.RuleName).Distinct());
        Assert.Equal(Midnight(15), report.Alerts[0].FiredAt);
        // Ten minutes that hold frames, half an hour apart, from the blackout at six in the morning on; over with the light at six in the evening.
        var dropped = report.Alerts.Single(alert => alert.RuleName == "Detections per request dropped");
        Assert.Equal((Midnight(20).AddHours(10).AddMinutes(31), Midnight(20).AddHours(18).AddMinutes(1)), (dropped.FiredAt, dropped.ResolvedAt));
        Assert.Contains(report.NotJudged, rule => rule.RuleName == "p95 latency over budget" && rule.Reason.Contains("machine that replays", StringComparison.Ordinal));
        Assert.DoesNotContain(report.NotJudged, rule => report.Alerts.Any(alert => alert.Rule == rule.Rule));
        var days = await TwoServices.ReadAsync<MetricsResponse>(await services.Monitor.GetAsync($"/v1/deployments/line/metrics?metric=requests&step=86400&replay={replay.Id}"));
        Assert.All(Assert.Single(days.Series).Points, point => Assert.Equal(FramesPerDay, point.Value!.Value * 86_400, 0.001));
        await NothingLiveChangedAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await services.Inference.DeleteAsync($"/v1/replays/{replay.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await services.Monitor.GetAsync($"/v1/replays/{replay.Id}/report")).StatusCode);
    }

    async Task NothingLiveChangedAsync()
    {
        var metrics = await TwoServices.ReadAsync<MetricsResponse>(await services.Monitor.GetAsync(
            $"/v1/deployments/line/metrics?metric=detections&from={Midnight(0):yyyy-MM-ddTHH:mm:ssZ}&to={Midnight(Days):yyyy-MM-ddTHH:mm:ssZ}&step=3600"));
        Assert.All(metrics.Series.SelectMany(series => series.Points), point => Assert.Null(point.Value));
        Assert.Equal("line", Assert.Single(await ListAsync("/v1/deployments")).GetProperty("name").GetString());
        Assert.DoesNotContain(await ListAsync("/v1/alerts"), alert => alert.GetProperty("state").GetString() is "firing" or "resolved" or "pending");
        foreach (var empty in new[] { "/v1/deployments/line/baselines", "/v1/deployments/line/drift-reports", "/v1/deployments/line/diagnoses", "/v1/deliveries" })
            Assert.Empty(await ListAsync(empty));
        var changes = await TwoServices.ReadAsync<ChangePage>(await services.Monitor.GetAsync("/v1/changes"));
        Assert.DoesNotContain(changes.Changes, change => change.Kind is ChangeKinds.DriftEvaluated or ChangeKinds.AlertChanged && change.Data.ToString().Contains("2024-", StringComparison.Ordinal));
    }

    static byte[] Archive()
    {
        var random = new Random(5);
        var pictures = new Dictionary<byte, byte[]>();
        return FrameZip.Of(Enumerable.Range(0, Days * FramesPerDay).Select(number =>
        {
            var (local, camera) = (Monday.AddMinutes(30 * (number / 2)), $"cam-{number % 2 + 1}");
            var week = (local - Monday).Days / 7;
            var light = week < 2 ? 217 : 195;
            if ((local - Monday).Days == Days - 1 && local.Hour is >= 6 and < 18) light = 120;
            var level = (byte)(light + 6 * Math.Sin(local.Hour * Math.PI / 12) + 5 * (random.NextDouble() + random.NextDouble() - 1));
            if (!pictures.TryGetValue(level, out var picture)) pictures[level] = picture = TestImage.Gray(level);
            return ($"{camera}/{local.ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture)}.png", picture);
        }));
    }

    static DateTimeOffset Midnight(int day) => new(TimeZoneInfo.ConvertTimeToUtc(Monday.AddDays(day), Berlin));

    void Print(ReplayReport report)
    {
        foreach (var period in report.Periods)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{period.From:MM-dd} {period.Level?.ToString() ?? "baseline",-12} frames {period.Frames} "
                + $"per frame {period.DetectionsPerRequest:F2} confidence {period.MeanConfidence:F3} {period.Signals.FirstOrDefault()?.Explanation}"));
        foreach (var alert in report.Alerts) output.WriteLine($"{alert.FiredAt:MM-dd HH:mm} {alert.RuleName} until {alert.ResolvedAt:MM-dd HH:mm}: {alert.Summary}");
    }

    async Task<ReplayInfo> ReplayAsync(Guid id) => await TwoServices.ReadAsync<ReplayInfo>(await services.Inference.GetAsync($"/v1/replays/{id}"));

    async Task<ReplayReport> ReportAsync(Guid id) => await TwoServices.ReadAsync<ReplayReport>(await services.Monitor.GetAsync($"/v1/replays/{id}/report"));

    async Task<List<JsonElement>> ListAsync(string path) => await TwoServices.ReadAsync<List<JsonElement>>(await services.Monitor.GetAsync(path));
}
