using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using RetrainLoop.Tests.Browser.Fakes;
using static Microsoft.Playwright.Assertions;

namespace RetrainLoop.Tests.Browser;

/// <summary>A model comes in, is put to work, is tried on a picture.</summary>
public sealed class ModelTests(RunningWeb web) : SignedIn(web)
{
    [Fact]
    public async Task Upload_RefusedThenAccepted_ShowsReasonAndVersion()
    {
        await Session.OpenAsync("/models/upload");
        var onnx = new FilePayload { Name = "Parts v8.onnx", MimeType = "application/octet-stream", Buffer = new byte[3_000_000] };
        await Page.Locator("input[name=file]").SetInputFilesAsync(onnx);
        await Expect(Page.GetByLabel("Name", new() { Exact = false }).First).ToHaveValueAsync("Parts-v8");
        await Expect(Page.GetByText("3 MB")).ToBeVisibleAsync();
        await Page.GetByText("Where the model does not speak for itself").ClickAsync();
        await Page.GetByLabel("Class names").FillAsync("nut\nbolt");
        Stack.Models.Refuse = FakeModels.Refusal;
        await Page.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).ClickAsync();
        await Expect(Page.GetByText(FakeModels.Refusal)).ToBeVisibleAsync();
        await IsAccessibleAsync();
        Stack.Models.Refuse = null;
        await Page.Locator("input[name=checkpoint]").SetInputFilesAsync(new FilePayload { Name = "last.pt", MimeType = "application/octet-stream", Buffer = new byte[1000] });
        await Expect(Page.GetByText("last.pt")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).ClickAsync();
        await Expect(Page.GetByText("Registered as Parts-v8 v1", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Equal(("Parts-v8", """{"classNames":["nut","bolt"]}""", 3_000_000L, true, Session.Name), Stack.Models.Uploads.Last());
        Assert.All(Session.Complaints, complaint => Assert.Contains("422", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deploy_ThreeWays_AsksForWhatEachNeeds()
    {
        await Session.OpenAsync("/models");
        await Expect(Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(5);
        await IsAccessibleAsync();
        await Page.GetByLabel("Find a name or a class").FillAsync("forklift");
        await Page.GetByLabel("Find a name or a class").PressAsync("Enter");
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("find=forklift"));
        await Page.GetByRole(AriaRole.Link, new() { Name = "gate-yolox v3" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Deploy" }).ClickAsync();
        await Page.GetByRole(AriaRole.Radio, new() { Name = "Switch at once" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Switch at once" }).ClickAsync();
        await Expect(Page.GetByText("Say why: the history keeps it.")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Radio, new() { Name = "Roll out" }).ClickAsync();
        await Page.GetByRole(AriaRole.Combobox, new() { Name = "Deployment" }).SelectOptionAsync("packing");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Start the rollout" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/deployments/packing$"));
        var (request, actor) = Assert.Single(Stack.Models.Rollouts);
        Assert.Equal(("packing", new ModelRef("gate-yolox", 3), Session.Name), (request.Deployment, request.Candidate, actor));
        Assert.DoesNotContain(Stack.Models.Deployed, one => one.Request.Force);
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Rollout_UnderWay_IsPausedResumedAndPromotedOnlyWithAReason()
    {
        await Session.OpenAsync("/deployments/line");
        var panel = Page.GetByRole(AriaRole.Region, new() { Name = "Rollout under way" });
        await Expect(panel).ToContainTextAsync("Step 3 of 5");
        await Expect(panel.GetByRole(AriaRole.Button, new() { Name = "Promote" })).ToBeDisabledAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(panel).ToContainTextAsync("until somebody resumes");
        await IsAccessibleAsync();
        await panel.GetByLabel("Why").FillAsync("night shift is over");
        await Expect(panel.GetByRole(AriaRole.Button, new() { Name = "Promote" })).ToBeEnabledAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(panel.GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToBeVisibleAsync();
        Assert.Equal([("pause", "Paused on the deployment's page"), ("resume", "night shift is over")], Stack.Line.RolloutCommands);
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Predict_Picture_ShowsBoxesThatTheSliderFilters()
    {
        await Session.OpenAsync("/deployments/line/predict");
        var picture = Page.Locator("[data-part=file]");
        await picture.SetInputFilesAsync(new FilePayload { Name = "note.jpg", MimeType = "image/jpeg", Buffer = "no picture"u8.ToArray() });
        await Expect(Page.GetByText("is not an image")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToHaveCountAsync(0); // it would not help
        await picture.SetInputFilesAsync(new FilePayload { Name = "frame.jpg", MimeType = "image/jpeg", Buffer = FakeFrames.Draw(7).Jpeg });
        await Expect(Page.Locator(".frame-box")).ToHaveCountAsync(4);
        await Expect(Page.GetByText("17.8 ms")).ToBeVisibleAsync();
        await Page.Locator("[data-part=confidence]").FillAsync("0.6");
        await Expect(Page.Locator(".frame-box")).ToHaveCountAsync(2);
        await Expect(Page.GetByText("2 of 4 boxes")).ToBeVisibleAsync();
        await IsAccessibleAsync();
        await Page.GetByRole(AriaRole.Radio, new() { Name = "Python (requests)" }).ClickAsync();
        await Expect(Page.GetByText("import os, requests")).ToBeVisibleAsync();
        await Expect(Page.Locator(".frame-box")).ToHaveCountAsync(2);
        var (query, camera, _, trial) = Stack.Models.Tried.Last();
        Assert.Equal(("?conf=0.05", "web", true), (query, camera, trial));
        Assert.All(Session.Complaints, complaint => Assert.Contains("415", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deploy_NewWithANameThatExists_IsRefusedBeforeAnythingIsReset()
    {
        var browser = await Page.Context.NewCDPSessionAsync(Page);
        await browser.SendAsync("Emulation.setTimezoneOverride", new() { ["timezoneId"] = "Asia/Tokyo" });
        var before = Stack.Models.Deployed.Count;
        await Session.OpenAsync("/models/line/1");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Deploy" }).ClickAsync();
        await Expect(Page.GetByText("Every deployment serves this model already")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Radio, new() { Name = "Roll out" })).ToBeDisabledAsync();
        await Expect(Page.GetByLabel("Time zone")).ToHaveValueAsync("Asia/Tokyo");
        await Page.GetByLabel("Name of the deployment").FillAsync("packing");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Make the deployment" }).ClickAsync();
        await Expect(Page.GetByText("packing exists; choose Roll out")).ToBeVisibleAsync();
        await IsAccessibleAsync();
        Assert.Equal(before, Stack.Models.Deployed.Count);
        await Page.GetByLabel("Name of the deployment").FillAsync("hall-9");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Make the deployment" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/deployments/hall-9$"));
        Assert.Equal(("hall-9", "Asia/Tokyo"), (Stack.Models.Deployed.Last().Deployment, Stack.Models.Deployed.Last().Request.Zone));
    }

    [Fact]
    public async Task Deploy_WhereARolloutIsUnderWay_IsClosedAndLeadsThere()
    {
        await Session.OpenAsync("/models/gate-yolox/3");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Deploy" }).ClickAsync();
        var choice = Page.GetByRole(AriaRole.Combobox, new() { Name = "Deployment" });
        await Expect(choice).ToHaveValueAsync("packing");
        await Expect(choice.Locator("option[value=line]")).ToHaveAttributeAsync("disabled", "");
        await Expect(Page.GetByText("packing would no longer find washer, nut, bolt, gear. New would be person, forklift, pallet, bicycle, truck.")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Radio, new() { Name = "Roll out" }).FocusAsync();
        await Page.Keyboard.PressAsync("ArrowDown");
        await Expect(Page.GetByRole(AriaRole.Radio, new() { Name = "New deployment" })).ToBeCheckedAsync();
        await Page.Keyboard.PressAsync("ArrowUp");
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Link, new() { Name = "line", Exact = true }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/deployments/line$"));
        Assert.Empty(Session.Complaints);
    }

    async Task IsAccessibleAsync() => Assert.Empty((await Page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
}
