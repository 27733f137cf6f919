using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace RetrainLoop.Tests.Browser;

/// <summary>A person brings a zip of old frames and reads what would have been seen.</summary>
public sealed class ReplayTests(RunningWeb web) : SignedIn(web)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Session.OpenAsync("/deployments/line/replay");
    }

    [Fact]
    public async Task Upload_Archive_GoesThroughAndItsReportShows()
    {
        await ChooseAsync("october.zip", 5_000_000);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Replay through line" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("replay="));
        Assert.Equal(5_000_000, Running.Stack.Replays.Uploaded);
        await Expect(Page.GetByText("Detections per request dropped")).ToBeVisibleAsync();
        await Expect(Page.GetByText("nobody was notified")).ToBeVisibleAsync();
        await Expect(Page.Locator(".chart-canvas canvas")).ToHaveCountAsync(3);
        await Expect(Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Baseline" })).ToHaveCountAsync(7);
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Runbook" }).First).ToHaveAttributeAsync(
            "href", new System.Text.RegularExpressions.Regex(@"^/alerts/runbooks/drift-confidence\?deployment=line&from=.+&to=.+"));
        Assert.Empty((await Page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {violation.Help} {string.Join(' ', violation.Nodes.Select(node => node.Html))}"));
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Upload_ArchiveWithoutTimes_NamesEachFile()
    {
        await ChooseAsync("broken.zip", 1000);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Replay through line" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing is replayed");
        await Expect(Page.GetByText("frames.csv:17")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Replay through line" })).ToBeEnabledAsync();
    }

    [Fact]
    public async Task Upload_SameArchiveAgain_CanBeChosen()
    {
        await ChooseAsync("again.zip", 1000);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Replay through line" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("replay="));
        await Expect(Page.GetByText("Choose a zip of frames, or drop it here")).ToBeVisibleAsync();
        Assert.Equal("", await Page.Locator("input[type=file]").InputValueAsync());
        await ChooseAsync("again.zip", 1000);
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Replay through line" })).ToBeEnabledAsync();
    }

    [Fact]
    public async Task FailedReplay_WithoutReport_SaysWhyAndIsKeptOnSecondThought()
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Camera test", Exact = true }).ClickAsync();
        await Expect(Page.GetByText("Camera test failed before there was anything to report")).ToBeVisibleAsync();
        await Expect(Page.GetByText("the replay's deployment is gone. Upload the archive again")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete Camera test", Exact = true }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Delete Camera test for good" })).ToBeVisibleAsync();
        await Session.IsAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Keep Camera test" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Delete Camera test", Exact = true })).ToBeVisibleAsync();
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Post_WithoutTheFormsToken_IsRefused()
    {
        var before = Running.Stack.Replays.Uploaded;
        var answer = await Page.APIRequest.PostAsync($"{Running.Web.Address}/uploads/replays/line", new() { DataByte = [1, 2, 3] });
        Assert.Equal(400, answer.Status);
        Assert.Contains("out of date", await answer.TextAsync(), StringComparison.Ordinal);
        Assert.Equal(before, Running.Stack.Replays.Uploaded);
    }

    async Task ChooseAsync(string name, int length)
    {
        await Page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/zip", Buffer = new byte[length] });
        await Expect(Page.GetByText(name)).ToBeVisibleAsync();
    }
}
