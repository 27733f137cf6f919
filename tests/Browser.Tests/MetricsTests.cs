using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RetrainLoop.Tests.Browser.Fakes;
using static Microsoft.Playwright.Assertions;

namespace RetrainLoop.Tests.Browser;

/// <summary>A person looks closer and closer at a deployment; the URL remembers what they looked at.</summary>
public sealed class MetricsTests(RunningWeb web) : SignedIn(web)
{
    [Fact]
    public async Task Metrics_RangeSplitFilterAndZoom_AreAskedForAndHeldByTheUrl()
    {
        await Page.Locator("a.card", new() { HasText = FakeLine.Name }).First.ClickAsync();
        await Expect(Page.Locator(".metrics .chart-canvas canvas")).ToHaveCountAsync(8);
        await Expect(Page.GetByText("+17.4 %")).ToBeVisibleAsync();
        await Expect(Page.Locator(".events").GetByText("p95 latency over budget fires")).ToBeVisibleAsync();
        await Session.IsAccessibleAsync();

        var moves = 0;
        await Eventually.TrueAsync(async () =>
        {
            // A chart that is redrawn under a still mouse takes its tooltip away, so the mouse goes on.
            var first = (await Page.Locator(".metrics .chart-canvas").First.BoundingBoxAsync())!;
            await Page.Mouse.MoveAsync(first.X + first.Width * (0.3f + 0.01f * (moves++ % 20)), first.Y + first.Height / 2);
            return await Tooltip("req/s").CountAsync() == 1;
        }, "the chart under the mouse tells its figure");
        await Expect(Tooltip("p95")).ToHaveCountAsync(0); // the cursor is shared, the words are not

        await Page.GetByRole(AriaRole.Radio, new() { Name = "7 days" }).ClickAsync();
        await Page.GetByLabel("Split by", new() { Exact = true }).SelectOptionAsync("region");
        await Page.GetByLabel("Camera", new() { Exact = true }).SelectOptionAsync("munich-cam-2");
        await Expect(Page).ToHaveURLAsync(new Regex("range=7d.*split=region.*camera=munich-cam-2"));
        await Eventually.TrueAsync(() => Task.FromResult(Stack.Metrics.Asked.Any(query =>
            query.Contains("metric=requests", StringComparison.Ordinal) && query.Contains("split=region", StringComparison.Ordinal)
            && query.Contains("camera=munich-cam-2", StringComparison.Ordinal) && query.Contains("step=1800", StringComparison.Ordinal))), "Monitor was asked for the split week of one camera");

        await Expect(Page.Locator(".metrics[aria-busy=false]")).ToBeVisibleAsync();
        var plot = (await Page.Locator(".metrics .chart-canvas").First.BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(plot.X + plot.Width * 0.4f, plot.Y + plot.Height / 2);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(plot.X + plot.Width * 0.6f, plot.Y + plot.Height / 2, new() { Steps = 4 });
        await Page.Mouse.UpAsync();
        await Expect(Page).ToHaveURLAsync(new Regex("from=.*to="));
        var (from, to) = Ends(Page.Url);
        Assert.InRange((to - from).TotalHours, 168 * 0.15, 168 * 0.28);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Zoom out" }).ClickAsync();
        await Expect(Page).Not.ToHaveURLAsync(new Regex(Regex.Escape(Uri.EscapeDataString(from.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture)))));
        var wider = Ends(Page.Url);
        Assert.InRange((wider.To - wider.From) / (to - from), 1.5, 2.001);

        var address = await Page.Locator("figure", new() { HasText = "Latency" }).First.GetByRole(AriaRole.Link, new() { Name = "CSV" }).GetAttributeAsync("href");
        var csv = await Page.Context.APIRequest.GetAsync(address!);
        Assert.Equal("text/csv", csv.Headers["content-type"]);
        Assert.StartsWith("time,", await csv.TextAsync(), StringComparison.Ordinal);
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Metrics_WithoutTelemetry_SaysHowToSendTheFirstFrame()
    {
        await Session.OpenAsync("/deployments/weld-seam");
        await Expect(Page.GetByText("/v1/deployments/weld-seam/predict")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Replay old frames" })).ToHaveAttributeAsync("href", "/deployments/weld-seam/replay");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Try a picture" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex("/deployments/weld-seam/predict$"));
        await Session.OpenAsync("/deployments/nothing");
        await Expect(Page.GetByText("There is no deployment named nothing")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Frames_OfACameraAndReason_AreShownWithTheirBoxes()
    {
        await Session.OpenAsync($"/deployments/{FakeLine.Name}/frames");
        await Expect(Page.Locator(".frames .frame-picture .frame-box").First).ToBeVisibleAsync();
        await Session.IsAccessibleAsync();
        await Page.GetByLabel("Kept because").SelectOptionAsync("EmptyFrame");
        await Expect(Page).ToHaveURLAsync(new Regex("reason=EmptyFrame"));
        await Expect(Page.GetByText("No frame was kept that matches")).ToBeVisibleAsync();
        await Page.GetByLabel("Kept because").SelectOptionAsync("EmbeddingOnly"); // asked for by reason: among all others there are none
        await Expect(Page.Locator(".frames").GetByText("random, for drift only").First).ToBeVisibleAsync();
        Assert.Empty(Session.Complaints);
    }

    ILocator Tooltip(string text) => Page.Locator(".metrics .chart-canvas > div:visible", new() { HasText = text });

    static (DateTimeOffset From, DateTimeOffset To) Ends(string url)
    {
        var query = System.Web.HttpUtility.ParseQueryString(new Uri(url).Query);
        return (DateTimeOffset.Parse(query["from"]!, System.Globalization.CultureInfo.InvariantCulture), DateTimeOffset.Parse(query["to"]!, System.Globalization.CultureInfo.InvariantCulture));
    }
}
