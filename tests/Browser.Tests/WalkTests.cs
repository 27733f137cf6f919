using Microsoft.Playwright;
using RetrainLoop.Tests.Browser.Fakes;
using static Microsoft.Playwright.Assertions;

namespace RetrainLoop.Tests.Browser;

/// <summary>A person's first day: the overview, a frame with mouse and keys, a pass that asks, the theme, a restart.</summary>
public sealed class WalkTests(RunningWeb web) : SignedIn(web)
{
    [Fact]
    public async Task Overview_RunningLine_ShowsFiguresChartsAndWhatFires()
    {
        await Expect(Page.Locator("[data-metric='Latency p95']")).ToHaveTextAsync("138");
        await Expect(Page.GetByText("Over budget", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(Page.GetByText("p95 latency over budget")).ToBeVisibleAsync();
        await Expect(Page.Locator(".chart-canvas canvas")).ToHaveCountAsync(2);
        await Expect(Page.Locator(".map-canvas canvas")).ToHaveCountAsync(1);
        await Expect(Page.GetByText("Oracle annotator answers tasks: demo")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Radio, new() { Name = "3 h" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("range=3h"));
        await Page.Keyboard.PressAsync("ArrowRight");
        await Expect(Page.GetByRole(AriaRole.Radio, new() { Name = "3 h" })).ToHaveAttributeAsync("tabindex", "-1");
        await Expect(Page.Locator("[role=radio]:focus")).ToHaveAttributeAsync("aria-checked", "true");
        await Expect(Page).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("range=3h"));
        await Session.IsAccessibleAsync();
    }

    [Fact]
    public async Task Overview_NothingSetUp_LeadsToTheUpload()
    {
        Stack.Line.HasDeployment = false;
        await Session.OpenAsync("/");
        await Expect(Page.GetByText("No deployment yet")).ToBeVisibleAsync();
        await Expect(Page.GetByText("/v1/deployments/my-line")).ToBeHiddenAsync();
        await Page.GetByText("From a terminal").ClickAsync();
        await Expect(Page.GetByText("/v1/deployments/my-line")).ToBeVisibleAsync();
        await Session.IsAccessibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Upload a model" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Upload a model" })).ToBeVisibleAsync();
        Stack.Line.HasDeployment = true;
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Label_MouseAndKeys_SubmitsWhatWasDrawn()
    {
        Stack.Labeling.Add(2);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Label" }).ClickAsync();
        await Expect(Page.Locator(".label-box")).ToHaveCountAsync(4);
        await Expect(Page.Locator(".label-box.suggested")).ToHaveCountAsync(4);
        await Expect(Page.Locator("image.label-picture")).ToBeVisibleAsync();
        await Session.IsAccessibleAsync();

        await Page.Locator("svg.label-canvas").FocusAsync();
        await Page.Keyboard.PressAsync("Tab"); // first box
        await Page.Keyboard.PressAsync("Shift+ArrowRight");
        await Page.Keyboard.PressAsync("4");
        await Page.Keyboard.PressAsync("Tab");
        await Page.Keyboard.PressAsync("Delete");
        await DragAsync((0.06, 0.08), (0.2, 0.22));
        await Expect(Page.Locator(".label-box")).ToHaveCountAsync(4);
        await Page.Keyboard.PressAsync("z");
        await Expect(Page.Locator(".label-box")).ToHaveCountAsync(3);
        await Page.Keyboard.PressAsync("Shift+Z");
        await Page.Keyboard.PressAsync("2");
        await Expect(Page.Locator(".label-box")).ToHaveCountAsync(4);
        await Expect(Page.GetByText("Draft saved")).ToBeVisibleAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Stack.Labeling.Drafts.LastOrDefault()?.Boxes.Count == 4), "the draft was saved");
        await Page.Keyboard.PressAsync("Enter");

        await Expect(Page.Locator(".counters dd").Last).ToHaveTextAsync("1");
        var submitted = Stack.Labeling.Submitted.Last().Boxes;
        Assert.Equal(4, submitted.Count);
        Assert.Contains(submitted, box => box.Class == 3 && Stack.Labeling.Seen.Any(seen => seen.Y == box.Y && MathF.Abs(seen.X + 10 - box.X) < 0.01f));
        Assert.Equal(2, submitted.Count(box => Stack.Labeling.Seen.Any(seen => seen.ToBox() == box.ToBox() && seen.Class == box.Class)));
        Assert.Equal(1, submitted[^1].Class);
        Assert.InRange(submitted[^1].Width, 60, 130);
        Assert.All(Stack.Labeling.Actors, actor => Assert.Equal(Session.Name, actor));

        await Expect(Page.Locator(".label-box.suggested")).ToHaveCountAsync(4); // the next frame
        await Page.Keyboard.PressAsync("s");
        await Page.GetByRole(AriaRole.Button, new() { Name = "I do not know these parts" }).ClickAsync();
        await Expect(Page.GetByText("No frame waits for you")).ToBeVisibleAsync();
        Assert.Equal("I do not know these parts", Assert.Single(Stack.Labeling.Skipped));
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Label_LostLease_SaysSoAndKeepsTheBoxes()
    {
        Stack.Labeling.Add(1);
        await Session.OpenAsync("/label");
        await Expect(Page.Locator(".label-box")).ToHaveCountAsync(4);
        var before = Stack.Labeling.Submitted.Count;
        Stack.Labeling.LoseLeases = true;
        await Page.Keyboard.PressAsync("n");
        await Expect(Page.GetByText("This frame is no longer yours")).ToBeVisibleAsync();
        await Expect(Page.Locator(".label-box")).ToHaveCountAsync(5);
        await Page.Keyboard.PressAsync("Enter");
        Stack.Labeling.LoseLeases = false;
        Assert.Equal(before, Stack.Labeling.Submitted.Count);
    }

    [Fact]
    public async Task Theme_Toggle_IsRememberedAndSessionSurvivesRestart()
    {
        await Expect(Page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Use the dark theme" }).ClickAsync();
        await Expect(Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Session.IsAccessibleAsync();
        await Running.RestartAsync(() => Expect(Page.GetByText("The connection to Web is gone")).ToBeVisibleAsync());
        await Session.OpenAsync("/loop");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Loop", Exact = true })).ToBeVisibleAsync();
        await Expect(Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Page.GetByRole(AriaRole.Button, new() { Name = Session.Name }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Loop_PassThatAsks_IsAnsweredByAPerson()
    {
        await LoopRunRows.InsertAsync(Running.Database, Stack.Line);
        await Session.OpenAsync("/loop?deployment=packing");
        await Expect(Page.GetByText("The gate was inconclusive")).ToBeVisibleAsync();
        await Session.IsAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Reject: end the pass" }).ClickAsync();
        await Expect(Page.Locator(".ring-title")).ToHaveTextAsync("Cancelled");
        await Session.OpenAsync("/loop?deployment=line");
        await Expect(Page.GetByText("step 3 of 5: 25 %")).ToBeVisibleAsync();
        await Session.OpenAsync("/jobs");
        await Expect(Page.GetByText("compare-deployments")).ToBeVisibleAsync();
        await Page.GotoAsync("/hangfire");
        await Expect(Page.GetByText("RetrainLoop jobs").First).ToBeVisibleAsync();
    }

    async Task DragAsync((double X, double Y) from, (double X, double Y) to)
    {
        var area = (await Page.Locator("image.label-picture").BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync((float)(area.X + from.X * area.Width), (float)(area.Y + from.Y * area.Height));
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync((float)(area.X + to.X * area.Width), (float)(area.Y + to.Y * area.Height), new() { Steps = 4 });
        await Page.Mouse.UpAsync();
    }
}
