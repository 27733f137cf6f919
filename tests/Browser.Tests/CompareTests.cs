using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using RetrainLoop.Tests.Browser.Fakes;
using static Microsoft.Playwright.Assertions;

namespace RetrainLoop.Tests.Browser;

/// <summary>A model is tried on last week's frames beside the champion.</summary>
public sealed class CompareTests(RunningWeb web) : SignedIn(web)
{
    [Fact]
    public async Task Compare_StartCancelAndLook_ShowsWhereModelsDiffer()
    {
        await Session.OpenAsync("/deployments/line/compare?model=packing-yolov5s:1");
        await Expect(Page.GetByRole(AriaRole.Combobox, new() { Name = "Model", Exact = true })).ToHaveValueAsync("packing-yolov5s:1");
        await IsAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Compare with line v1" }).ClickAsync();
        await Expect(Page.GetByText("74 of 200 frames, both models")).ToBeVisibleAsync();
        Assert.Equal(new ModelRef("packing-yolov5s", 1), Assert.Single(Stack.Samples.Started).Model);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(Page.GetByText("Cancelled before it was through")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Run again" }).ClickAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Stack.Samples.Started.Count == 2), "it was begun again");
        Assert.Equal((FakeLine.Candidate, 200), (Stack.Samples.Started.Last().Model, Stack.Samples.Started.Last().MaximumFrames));
        await Session.OpenAsync($"/deployments/line/compare/{FakeSamples.Finished}");
        await Expect(Page.GetByText("89.5")).ToBeVisibleAsync();
        await Expect(Page.Locator(".frame-picture image")).ToHaveCountAsync(24);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(Page.Locator(".frame-picture image")).ToHaveCountAsync(4);
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("page=2"));
        await IsAccessibleAsync();
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Compare_SlowAnswerComesAfterANewerOne_IsNotShown()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Stack.Samples.Held = (0.05, gate);
        await Session.OpenAsync($"/deployments/line/compare/{FakeSamples.Finished}");
        await Expect(Page.Locator(".frame-box")).Not.ToHaveCountAsync(0);
        var all = await Page.Locator(".frame-box").CountAsync();
        await Page.GetByLabel("Boxes from").SelectOptionAsync("0.05");
        await Expect(Page.GetByText("those from 0.05 on are being read")).ToBeVisibleAsync();
        await Page.GetByLabel("Boxes from").SelectOptionAsync("0.75");
        await Expect(Page.Locator(".frame-box")).Not.ToHaveCountAsync(all);
        var few = await Page.Locator(".frame-box").CountAsync();
        Assert.InRange(few, 1, all - 1);
        gate.SetResult();
        Stack.Samples.Held = null;
        await Page.WaitForTimeoutAsync(1500); // what was on its way has come
        await Expect(Page.Locator(".frame-box")).ToHaveCountAsync(few);
        await Expect(Page.GetByText("Still the boxes")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Compare_InferenceAwayAfterAChange_SaysThatBoxesAreOldAndCatchesUp()
    {
        await Session.OpenAsync($"/deployments/line/compare/{FakeSamples.Finished}");
        await Expect(Page.Locator(".frame-box")).Not.ToHaveCountAsync(0);
        var all = await Page.Locator(".frame-box").CountAsync();
        Stack.Samples.Away = true;
        await Page.GetByLabel("Boxes from").SelectOptionAsync("0.75");
        await Expect(Page.GetByText("these are still the boxes from the operating point on")).ToBeVisibleAsync();
        await Expect(Page.Locator(".frame-box")).ToHaveCountAsync(all);
        await IsAccessibleAsync();
        Stack.Samples.Away = false;
        await Expect(Page.Locator(".frame-box")).Not.ToHaveCountAsync(all);
        await Expect(Page.GetByText("these are still the boxes")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Compare_FrameByKeyboard_OpensLargeAndLeadsOnToDeploying()
    {
        await Session.OpenAsync($"/deployments/line/compare/{FakeSamples.Finished}");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Show large" }).First.FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.Locator(".frame-picture")).ToHaveCountAsync(2);
        await Eventually.TrueAsync(async () => (await dialog.Locator(".frame-picture").First.BoundingBoxAsync())!.Width > 600, "each picture is more than twice as wide as on the page");
        var first = await dialog.Locator(".frame-picture").First.GetAttributeAsync("aria-label");
        await IsAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(dialog.Locator(".frame-picture").First).Not.ToHaveAttributeAsync("aria-label", first!);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).Last.ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Deploy line v2" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("a rollout is under way");
        await Expect(Page.GetByRole(AriaRole.Radio, new() { Name = "Roll out" })).ToBeCheckedAsync();
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Compare_WantedModelIsTheChampion_ChoosesNoOther()
    {
        await Session.OpenAsync("/deployments/line/compare?model=line:1");
        await Expect(Page.GetByText("line v1 is the champion here")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Combobox, new() { Name = "Model", Exact = true })).ToHaveValueAsync("");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Compare with line v1" })).ToBeDisabledAsync();
        await Session.OpenAsync("/models/line/1"); // champion of every deployment
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Deploy" })).ToBeVisibleAsync();
        await Expect(Page.GetByText("Try on last week")).ToHaveCountAsync(0);
        await Session.OpenAsync("/models/line/2");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Try on last week's frames of line" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Combobox, new() { Name = "Model", Exact = true })).ToHaveValueAsync("line:2");
    }

    async Task IsAccessibleAsync() => Assert.Empty((await Page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
}
