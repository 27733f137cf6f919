using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using RetrainLoop.Tests.Browser.Fakes;
using static Microsoft.Playwright.Assertions;

namespace RetrainLoop.Tests.Browser;

/// <summary>A model comes in, is put to work, is tried on a picture and on last week's frames.</summary>
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
        await Expect(Page.GetByText("Registered as Parts-v8 v1")).ToBeVisibleAsync();
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
        var (query, camera, _) = Stack.Models.Tried.Last();
        Assert.Equal(("?conf=0.05", "web"), (query, camera));
        Assert.All(Session.Complaints, complaint => Assert.Contains("415", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Compare_StartCancelAndLook_ShowsWhereModelsDiffer()
    {
        await Session.OpenAsync("/deployments/line/compare?model=packing-yolov5s:1");
        await Expect(Page.GetByRole(AriaRole.Combobox, new() { Name = "Model", Exact = true })).ToHaveValueAsync("packing-yolov5s:1");
        await IsAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Compare with line v1" }).ClickAsync();
        await Expect(Page.GetByText("148 of 400 detections runs")).ToBeVisibleAsync();
        Assert.Equal(new ModelRef("packing-yolov5s", 1), Assert.Single(Stack.Samples.Started).Model);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(Page.GetByText("Cancelled before it was through")).ToBeVisibleAsync();
        await Session.OpenAsync($"/deployments/line/compare/{FakeSamples.Finished}");
        await Expect(Page.GetByText("89.5")).ToBeVisibleAsync();
        await Expect(Page.Locator(".frame-picture image")).ToHaveCountAsync(24);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(Page.Locator(".frame-picture image")).ToHaveCountAsync(4);
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("page=2"));
        await IsAccessibleAsync();
        Assert.Empty(Session.Complaints);
    }

    async Task IsAccessibleAsync() => Assert.Empty((await Page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
}
