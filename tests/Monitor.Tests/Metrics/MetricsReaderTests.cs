using RetrainLoop.Monitor.Metrics;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.Tests.Monitor.Series;

namespace RetrainLoop.Tests.Monitor.Metrics;

/// <summary>Charts and figures of a history with two models, two cameras and some failures.</summary>
public sealed class MetricsReaderTests(PostgresServer postgres) : SeriesHistory(postgres)
{
    static readonly ModelRef Candidate = new("line", 2);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        for (var minute = 0; minute < 4; minute++) // the last two have twice the traffic
            await PlayMinuteAsync(times: minute < 2 ? 1 : 2);
    }

    [Theory]
    [InlineData("requests", "none", "unit=requests/s", 0.9)] // 54 a minute that answer callers, 9 of them failed
    [InlineData("requests", "version", "unit=requests/s|version=line:1", 0.6)]
    [InlineData("requests", "slot", "unit=requests/s|slot=shadow", 0.1)]
    [InlineData("requests", "camera", "unit=requests/s|camera=cam-2", 0.3)]
    [InlineData("requests", "region", "unit=requests/s|region=berlin", 0.9)]
    [InlineData("requests", "kind", "kind=badInput", 0.15)]
    [InlineData("errors", "none", "kind=badInput", 0.15 / 0.9)]
    [InlineData("detections", "none", "per=request", 2)]
    [InlineData("detections", "class", "class=nut|per=minute", 90)]
    [InlineData("detectionsPerMinute", "none", "per=minute", 90)]
    [InlineData("classes", "camera", "class=nut|per=minute|camera=cam-2", 18)]
    [InlineData("confidence", "version", "unit=confidence|version=line:2", 0.9)]
    [InlineData("latency", "slot", "p=95|slot=candidate", 80)]
    [InlineData("stages", "none", "stage=inference|p=50", 15)]
    [InlineData("regions", "none", "region=berlin", 1)]
    public async Task Read_AnyMetric_HasTheLineAndItsValue(string metric, string split, string labels, double expected)
    {
        var answer = await ChartAsync(new MetricRequest(metric, Start, Start.AddMinutes(4), 60, null, split, null, null, null, null, null, null));
        var line = answer.Series.Single(series => string.Join('|', series.Labels.Select(label => $"{label.Key}={label.Value}")) == labels);
        Assert.Equal([Start, Start.AddMinutes(1), Start.AddMinutes(2), Start.AddMinutes(3)], line.Points.Select(point => point.At));
        Assert.Equal(expected, line.Points[0].Value!.Value, expected * 0.011);
    }

    [Theory]
    [InlineData("cam-2", null, null, 0.3)]
    [InlineData(null, "line:2", null, 0.3)]
    [InlineData(null, null, "shadow", 0.1)]
    [InlineData("elsewhere", null, null, 0)]
    public async Task Read_Filtered_CountsOnlyThat(string? camera, string? model, string? slot, double expected)
    {
        var answer = await ChartAsync(new MetricRequest("requests", Start, Start.AddMinutes(1), 60, null, null, model, slot, null, camera, null, null));
        Assert.Equal(expected, answer.Series.Single().Points[0].Value!.Value, 1e-9);
    }

    [Fact]
    public async Task Read_SingleSeconds_ShowsTheRateOfEach()
    {
        var answer = await ChartAsync(new MetricRequest("requests", Start, Start.AddSeconds(20), 1, null, null, null, null, null, null, null, null));
        Assert.Equal(45.0 + 9, answer.Series.Single().Points[0].Value);
        Assert.Equal(0.0, answer.Series.Single().Points[1].Value);
        Assert.Equal(("requests/s", 1), (answer.Unit, answer.Step));
    }

    [Fact]
    public async Task Figures_TwiceTheTraffic_IsAHundredPercentMore()
    {
        var figures = (await MetricsReader.FiguresAsync(Database, "line", new MetricFilter(), Start.AddMinutes(2), Start.AddMinutes(4), default)).ToDictionary(figure => figure.Metric);
        Assert.Equal((1.8, 0.9, 100), (figures["requestRate"].Value!.Value, figures["requestRate"].Previous!.Value, (int)Math.Round(figures["requestRate"].ChangePercent!.Value)));
        Assert.Equal(0, figures["latencyP50"].ChangePercent!.Value, 2.0);
        Assert.Equal(180, figures["detectionsPerMinute"].Value!.Value, 1e-9);
        var first = await MetricsReader.FiguresAsync(Database, "line", new MetricFilter(), Start, Start.AddMinutes(4), default);
        Assert.All(first, figure => Assert.Null(figure.Previous)); // nothing covered the time before
    }

    [Fact]
    public async Task Dimensions_OfARange_AreWhatItSaw()
    {
        var found = await MetricsReader.DimensionsAsync(Database, "line", Start, Start.AddMinutes(4), default);
        Assert.Equal([Batches.Model, Candidate], found.Models);
        Assert.Equal([ModelSlot.Champion, ModelSlot.Candidate, ModelSlot.Shadow], found.Slots);
        Assert.Equal(["berlin"], found.Regions);
        Assert.Equal(["cam-1", "cam-2"], found.Cameras);
        Assert.Equal(["nut"], found.Classes);
        Assert.Empty((await MetricsReader.DimensionsAsync(Database, "line", Start.AddDays(1), Start.AddDays(2), default)).Cameras);
    }

    [Theory]
    [InlineData("speed", null, null, null, "latency, requests")]
    [InlineData("latency", "class", null, null, "class")]
    [InlineData("latency", "kind", null, null, "kind")]
    [InlineData("requests", "camera", 1, null, "per region")]
    [InlineData("requests", null, 15, null, "multiple of 10")]
    [InlineData("requests", null, null, "line", "name:version")]
    public void Parse_WhatCannotBe_IsRefusedWithASentence(string metric, string? split, int? step, string? model, string sentence) =>
        Assert.Contains(sentence, MetricChart.Parse(new MetricRequest(metric, null, null, step, null, split, model, null, null, null, null, null), TimeZoneInfo.Utc, Start).Refusal, StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 5, 5)]
    [InlineData(4, 5, 10)]
    [InlineData(3 * 24, 90, 120)]
    [InlineData(36 * 24, 300, 3600)]
    [InlineData(401 * 24, 300, 86400)]
    public void NoFinerThan_WhatIsKept_TakesWholeBuckets(int hoursAgo, int step, int expected)
    {
        var range = new MetricRange(Start.AddHours(-hoursAgo), Start, step, TimeZoneInfo.Utc);
        Assert.Equal(expected, range.NoFinerThan(SeriesRetention.FinestKept(Start - range.From, new TelemetryOptions())).Step);
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(24, 120)]
    [InlineData(7 * 24, 900)]
    [InlineData(30 * 24, 3600)]
    [InlineData(24 * 365, 43200)]
    [InlineData(24 * 365 * 4, 2 * 86400)]
    public void StepFor_AnyRange_KeepsTheChartReadable(int hours, int step) => Assert.Equal(step, MetricRange.StepFor(TimeSpan.FromHours(hours), 750));

    [Theory]
    [InlineData(100, 30 * 24, 86400)] // days: hours would be 72,000 buckets
    [InlineData(20, 30 * 24, 21600)]
    [InlineData(100, 7 * 24, 3600)]
    [InlineData(100, 24, 3600)]
    [InlineData(1, 24, 600)]
    [InlineData(100, 6, 120)]
    [InlineData(500, 6, 120)] // hours would be six points
    [InlineData(500, 4 * 24, 3600)] // 48,000 hours are too many, but minutes would be 2.9 million
    public void ForLines_Cameras_ReadsAModerateNumberOfBuckets(int cameras, int hours, int step)
    {
        var request = new MetricRequest("requests", Start.AddHours(-hours), Start, null, null, "camera", null, null, null, null, null, null);
        var chart = MetricChart.Parse(request, TimeZoneInfo.Utc, Start).Chart!;
        Assert.Equal((true, step), (chart.IsStepFree, chart.Range.ForLines(cameras).Step));
        Assert.False(MetricChart.Parse(request with { Step = 21600 }, TimeZoneInfo.Utc, Start).Chart!.IsStepFree);
    }

    /// <summary>In the first second of a minute: a champion on two cameras, the second of which sends as many bad images, a candidate and a shadow.</summary>
    async Task PlayMinuteAsync(int times)
    {
        var at = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(
            Staged(Batches.Second(at, 18 * times)),
            Batches.Second(at, 9 * times, camera: "cam-2") with { Outcomes = new Dictionary<RequestOutcome, long> { [RequestOutcome.Ok] = 9 * times, [RequestOutcome.BadInput] = 9 * times } },
            Batches.Second(at, 18 * times, latencyMs: 80, confidence: 0.9, model: Candidate, slot: ModelSlot.Candidate),
            Batches.Second(at, 6 * times, model: Candidate, slot: ModelSlot.Shadow));
    }

    static SeriesSecond Staged(SeriesSecond second) => second with
    {
        StageMs = new Dictionary<string, SparseHistogram>(second.StageMs) { ["inference"] = new([SignalBins.Latency.IndexOf(15)], [second.Outcomes[RequestOutcome.Ok]]) },
    };

    async Task<MetricsResponse> ChartAsync(MetricRequest request)
    {
        var (chart, refusal) = MetricChart.Parse(request, TimeZoneInfo.Utc, Time.GetUtcNow());
        Assert.Null(refusal);
        return await MetricsReader.ReadAsync(Database, "line", chart!, default);
    }
}
