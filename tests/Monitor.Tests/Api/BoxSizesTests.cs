using System.Net;
using Microsoft.AspNetCore.Mvc;

namespace RetrainLoop.Tests.Monitor.Api;

/// <summary>Width by height of boxes, from telemetry through baseline and report to the answer.</summary>
public sealed class BoxSizesTests(PostgresServer postgres, RedisServer redis) : MonitorService(postgres, redis)
{
    static readonly int Tall = SignalBins.BoxSize.CellOf(0.1, 0.4), Wide = SignalBins.BoxSize.CellOf(0.4, 0.1);

    [Fact]
    public async Task Distributions_BoxesTurned_AreTwoGridsThatSumToTheirSides()
    {
        var answer = await CompareAsync(baseline: Boxes(0.1, 0.4), current: Boxes(0.4, 0.1));
        var sizes = await GetAsync<SignalDistributions>($"{answer}?signal=boxSize");
        var grid = sizes.Grid!;
        Assert.Equal((960, (await GetAsync<SignalDistributions>($"{answer}?signal=boxArea")).CurrentCount), (sizes.BaselineCount, sizes.CurrentCount));
        Assert.Equal((17, 256, 1.0, 1.0), (grid.Edges.Count, grid.Baseline!.Count, grid.Baseline[Tall], grid.Current![Wide]));
        var widths = await GetAsync<SignalDistributions>($"{answer}?signal=boxWidth");
        for (var column = 0; column < 16; column++)
            Assert.Equal(Between(widths, widths.Current, grid.Edges[column], grid.Edges[column + 1]), Enumerable.Range(0, 16).Sum(row => grid.Current[row * 16 + column]), 1e-9);

        Assert.Equal(sizes.CurrentCount, (await GetAsync<SignalDistributions>($"{answer}?signal=boxSize&camera=cam-1&class=nut")).CurrentCount);
        var elsewhere = await GetAsync<SignalDistributions>($"{answer}?signal=boxSize&camera=elsewhere");
        Assert.Equal((0, 0, 0.0), (elsewhere.BaselineCount, elsewhere.CurrentCount, elsewhere.Grid!.Baseline!.Sum())); // no boxes is known
        Assert.Contains("boxSize", (await ReadAsync<ProblemDetails>($"{answer}?signal=mood", HttpStatusCode.BadRequest)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Distributions_BaselineOfAnEarlierBuild_IsUnknownAndNotZero()
    {
        var seconds = 0;
        var answer = await CompareAsync(baseline: WithoutGrid, current: second => seconds++ % 4 == 0 ? WithoutGrid(second) : second);
        var sizes = await GetAsync<SignalDistributions>($"{answer}?signal=boxSize");
        Assert.Null(sizes.Grid!.Baseline);
        Assert.Equal((0, 0.0, 0.75), (sizes.BaselineCount, sizes.Grid.BaselineCoverage, sizes.Grid.CurrentCoverage));
        Assert.Equal(1, sizes.Grid.Current!.Sum(), 1e-9);
        Assert.Equal(960, (await GetAsync<SignalDistributions>($"{answer}?signal=boxWidth")).BaselineCount);
    }

    /// <summary>The path of a report's distributions, over two minutes each of baseline and now.</summary>
    async Task<string> CompareAsync(Func<SeriesSecond, SeriesSecond> baseline, Func<SeriesSecond, SeriesSecond> current)
    {
        await PublishAsync(Batches.Deployment());
        await PostAsync<BaselineInfo>("/v1/deployments/line/baselines", new BaselineRequest("first", Batches.Model));
        await PlayAsync(TimeSpan.FromMinutes(2), change: baseline);
        await LockedAsync();
        await PlayAsync(TimeSpan.FromMinutes(2), change: current);
        return $"/v1/deployments/line/drift-reports/{(await EvaluateDriftAsync()).Id}/distributions";
    }

    static Func<SeriesSecond, SeriesSecond> Boxes(double width, double height) =>
        second => Batches.Second(DateTimeOffset.FromUnixTimeSeconds(second.Second), size: width, height: height);

    static SeriesSecond WithoutGrid(SeriesSecond second) => second with { Classes = [.. second.Classes.Select(detected => detected with { BoxSize = null })] };

    static double Between(SignalDistributions signal, IReadOnlyList<double> shares, double low, double high) => Enumerable.Range(0, shares.Count)
        .Where(bin => signal.Edges[bin + 1] > low * (1 + 1e-9) && signal.Edges[bin + 1] <= high * (1 + 1e-9)).Sum(bin => shares[bin]);

    async Task<T> ReadAsync<T>(string path, HttpStatusCode expected)
    {
        var response = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
        return System.Text.Json.JsonSerializer.Deserialize<T>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), ContractJson.Options)!;
    }
}
