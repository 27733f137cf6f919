using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using RetrainLoop.Tests.Browser.Fakes;
using static Microsoft.Playwright.Assertions;

namespace RetrainLoop.Tests.Browser;

/// <summary>Drift, holdout and diagnosis: what they say, and what a person can do about it.</summary>
public sealed class QualityTests(RunningWeb web) : SignedIn(web)
{
    [Fact]
    public async Task Drift_DrillDown_KeepsItsStateInTheAddress()
    {
        await Session.OpenAsync("/deployments/line/drift");
        await Expect(Page.Locator(".banner-drift")).ToContainTextAsync("Confidence moved by 0.18");
        await Expect(Page.Locator("tr.chosen")).ToContainTextAsync("Confidence");
        await Expect(Page.Locator(".chart-canvas canvas")).ToHaveCountAsync(4);
        await IsAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "munich-cam-2" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex("camera=munich-cam-2"));
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Confidence, munich-cam-2" })).ToBeVisibleAsync();
        Assert.Contains(Stack.Drift.Asked, query => query.Contains("signal=confidence&camera=munich-cam-2", StringComparison.Ordinal));
        await Page.Locator(".chart-canvas").First.ScrollIntoViewIfNeededAsync();
        var chart = (await Page.Locator(".chart-canvas").First.BoundingBoxAsync())!;
        await Page.Mouse.ClickAsync(chart.X + chart.Width * 0.55f, chart.Y + chart.Height * 0.6f);
        await Expect(Page).ToHaveURLAsync(new Regex("bin=[0-9]+"));
        await Expect(Page.GetByText("confidence 0.5", new() { Exact = false }).First).ToBeVisibleAsync();
        await Expect(Page.Locator(".sides .frame-picture").First).ToBeVisibleAsync();
        await IsAccessibleAsync();
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Drift_BinOfEmbeddingDistances_ShowsTheFramesThatMonitorNames()
    {
        await Session.OpenAsync("/deployments/line/drift?signal=embeddingDistance&bin=20");
        await Expect(Page.Locator("tr.chosen")).ToContainTextAsync("Embedding distance");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Embedding distance", Exact = true })).ToBeVisibleAsync();
        await Expect(Page.Locator(".sides .side").Nth(0).Locator(".frame-picture")).ToHaveCountAsync(1);
        await Expect(Page.Locator(".sides .side").Nth(1).Locator(".frame-picture")).ToHaveCountAsync(2);
        Assert.Contains(Stack.Drift.Asked, query => query.Contains("limit=4&low=0.", StringComparison.Ordinal));
        await IsAccessibleAsync();
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Drift_CellOfBoxSizes_ShowsItsFramesOfBothTimes()
    {
        await Session.OpenAsync("/deployments/line/drift");
        var canvas = Page.GetByRole(AriaRole.Img, new() { Name = "Box width × height: baseline, now, and what changed" });
        await canvas.ScrollIntoViewIfNeededAsync();
        var chart = (await canvas.BoundingBoxAsync())!;
        // Column 9 and row 10 of the first of three maps: most parts of the fake are of this size.
        await Page.Mouse.ClickAsync(chart.X + 68 + 9.5f / 16 * (chart.Width / 3 - 78), chart.Y + 32 + (1 - 10.5f / 16) * (chart.Height - 84));
        await Expect(Page).ToHaveURLAsync(new Regex($"cell={10 * 16 + 9}($|&)"));
        await Expect(Page.GetByText("boxes 10.9 to 15.0 % wide, 15.0 to 20.7 % high")).ToBeVisibleAsync();
        foreach (var side in await Page.Locator(".side").AllAsync()) await Expect(side.Locator(".frame-picture").First).ToBeVisibleAsync();
        await IsAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "All values" }).ClickAsync();
        await Expect(Page).Not.ToHaveURLAsync(new Regex("cell="));
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Drift_BaselineOfAnEarlierBuild_SaysThatBoxSizesAreUnknown()
    {
        Stack.Drift.KnowsBaselineSizes = false;
        await Session.OpenAsync("/deployments/line/drift");
        await Expect(Page.GetByText("only the current window can be shown")).ToBeVisibleAsync();
        Stack.Drift.KnowsBaselineSizes = true;
        Assert.Empty(Session.Complaints);
    }

    [Theory]
    [InlineData(DriftLevel.KsOnly, "the decision does not")]
    [InlineData(DriftLevel.Inconclusive, "not “stable”")]
    public async Task Drift_NoDecision_IsNotYellow(DriftLevel level, string words)
    {
        Stack.Drift.Level = level;
        await Session.OpenAsync("/deployments/line/drift");
        await Expect(Page.Locator(".banner")).ToContainTextAsync(words);
        await Expect(Page.Locator(".banner-drift")).ToHaveCountAsync(0);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Compare now" }).ClickAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Stack.Drift.Compared > 0), "somebody asked to compare");
        Stack.Drift.Level = DriftLevel.Drift;
    }

    [Fact]
    public async Task Drift_TimeOfARunbook_ShowsTheComparisonOfThatTime()
    {
        await Session.OpenAsync("/deployments/line/drift?from=2026-11-01T00:00:00.000Z&to=2026-11-02T06:00:00.000Z");
        await Expect(Page.GetByText("stood at 2 Nov 2026 06:00 UTC")).ToBeVisibleAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Stack.Drift.AskedUntil == new DateTimeOffset(2026, 11, 2, 6, 0, 0, TimeSpan.Zero)), "Monitor was asked for that time");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Show the newest" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex("/drift$"));
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Holdout_RunNow_ShowsProgressAndVerdict()
    {
        await Session.OpenAsync("/deployments/line/holdout");
        await Expect(Page.GetByText("Dropped by more than a point")).ToBeVisibleAsync();
        await Expect(Page.GetByText("Downtrend", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(Page.GetByText("1,257")).ToBeVisibleAsync();
        await Expect(Page.Locator(".chart-canvas canvas")).ToHaveCountAsync(3);
        await IsAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();
        await Expect(Page.GetByText("Running", new() { Exact = true }).Or(Page.GetByText("Last run", new() { Exact = false })).First).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Radio, new() { Name = "8 weeks" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex("weeks=8"));
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Diagnosis_StepsAndPolicy_DoWhatTheySay()
    {
        await Session.OpenAsync("/deployments/line/diagnosis");
        await Expect(Page.GetByText("noise", new() { Exact = false }).First).ToBeVisibleAsync();
        await Expect(Page.GetByText("0.450 mAP")).ToBeVisibleAsync();
        await IsAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sample these frames" }).ClickAsync();
        await Expect(Page.GetByText("There is no table yet")).ToBeVisibleAsync(); // the fake's report brings none
        var before = Stack.Diagnoses.Asked;
        await Page.GetByRole(AriaRole.Button, new() { Name = "Diagnose now" }).ClickAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Stack.Diagnoses.Asked > before), "a diagnosis was asked for");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await Page.GetByRole(AriaRole.Radio, new() { Name = "Ask a person" }).ClickAsync();
        await Page.GetByLabel("Same diagnosis for, h").FillAsync("6");
        await Page.GetByLabel("Diagnose, cron").FillAsync("whenever");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Page.GetByText("A cron is not understood")).ToBeVisibleAsync();
        await IsAccessibleAsync();
        await Page.GetByLabel("Diagnose, cron").FillAsync("30 5 * * *");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Page.GetByText("6 h of the same diagnosis")).ToBeVisibleAsync();
        await Expect(Page.GetByText("Asks a person")).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Label first" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex("diagnosis="));
        await Expect(Page.GetByText("not the newest")).ToBeVisibleAsync();
        await Session.OpenAsync("/deployments/line/diagnosis");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Start the loop" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex("/loop\\?deployment=line&pass="));
        Assert.Empty(Session.Complaints);
    }

    async Task IsAccessibleAsync() => Assert.Empty((await Page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
}
