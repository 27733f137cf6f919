using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using RetrainLoop.Tests.Browser.Fakes;
using static Microsoft.Playwright.Assertions;

namespace RetrainLoop.Tests.Browser;

/// <summary>Files on their way: where they land, how an upload ends, and what a picture that is tried leaves behind.</summary>
public sealed class UploadTests(RunningWeb web) : SignedIn(web)
{
    [Fact]
    public async Task Upload_BytesThatAreRegisteredAlready_SaysThatNothingChanged()
    {
        Stack.Models.Knows = true;
        await Session.OpenAsync("/models/upload");
        await ChooseAsync("again.onnx");
        await SendAsync();
        await Expect(Page.GetByText("This file is line v2 already; nothing was changed.").First).ToBeVisibleAsync();
        await Expect(Page.GetByText("Registered as")).ToHaveCountAsync(0);
        await IsAccessibleAsync();
        Stack.Models.Knows = false;
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Upload_LeftOrCancelledWhileItIsChecked_AsksAndClaimsNothing()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Stack.Models.Held = gate;
        await Session.OpenAsync("/models/upload");
        await ChooseAsync("slow.onnx");
        await SendAsync();
        await Expect(Page.GetByText("All bytes are there.")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Loop", Exact = true }).ClickAsync();
        await Expect(Page.GetByText("The upload ends when you leave.")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Stay" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/models/upload$"));
        await DropAsync("[data-kind=checkpoint]", "late.pt"); // not while it is being sent
        await Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(Page.GetByText("the model may be registered all the same")).ToBeVisibleAsync();
        await Expect(Page.GetByText("The registry is unchanged.")).ToHaveCountAsync(0);
        await Expect(Page.GetByText("late.pt")).ToHaveCountAsync(0);
        await IsAccessibleAsync();
        gate.SetResult();
        Stack.Models.Held = null;
    }

    [Fact]
    public async Task Drop_OnABoxOrBeside_GoesByTheBoxElseByTheExtension()
    {
        await Session.OpenAsync("/models/upload");
        await DropAsync("[data-kind=checkpoint]", "pretrained.onnx");
        await Expect(Page.Locator("[data-kind=checkpoint]")).ToContainTextAsync("pretrained.onnx");
        await Expect(Page.Locator("[data-kind=file]")).ToContainTextAsync("Drop it here");
        await DropAsync("form.upload", "last.pt", "model.onnx");
        await Expect(Page.Locator("[data-kind=checkpoint]")).ToContainTextAsync("last.pt");
        await Expect(Page.Locator("[data-kind=file]")).ToContainTextAsync("model.onnx");
        await DropAsync("[data-kind=file]", "odd.bin");
        await Expect(Page.Locator("[data-kind=file]")).ToContainTextAsync("odd.bin");
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Predict_TurnedAway_IsTriedAgainHeardAndDownloaded()
    {
        Stack.Models.TurnAway = 1;
        await Session.OpenAsync("/deployments/line/predict");
        await Expect(Page.GetByText("neither counted nor kept")).ToBeVisibleAsync();
        var picture = new FilePayload { Name = "frame.jpg", MimeType = "image/jpeg", Buffer = FakeFrames.Draw(7).Jpeg };
        await Page.Locator("[data-part=file]").SetInputFilesAsync(picture);
        await Expect(Page.GetByText("The queue of line is full.")).ToBeVisibleAsync();
        await IsAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(Page.Locator(".frame-box")).ToHaveCountAsync(4);
        await Expect(Page.Locator("[data-part=heard]")).ToContainTextAsync("4 boxes: ");
        Assert.Equal("", await Page.Locator("[data-part=file]").InputValueAsync()); // the same picture can be chosen again
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Button, new() { Name = "Download with boxes" }).ClickAsync());
        Assert.Equal("frame-boxes.jpg", download.SuggestedFilename);
        Assert.Equal(FakeFrames.Draw(7).Jpeg, await File.ReadAllBytesAsync((await download.PathAsync())!));
        Assert.Equal("?conf=0.25&annotate=true", Stack.Models.Tried.Last().Query);
        Assert.All(Stack.Models.Tried, tried => Assert.True(tried.Trial));
        await IsAccessibleAsync();
    }

    [Fact]
    public async Task Predict_SeveralDropped_SaysWhichOneWasTaken()
    {
        await Session.OpenAsync("/deployments/line/predict");
        await DropAsync(".bench .stage", "a.jpg", "b.jpg", "c.jpg");
        await Expect(Page.GetByText("1 of 3: a.jpg.")).ToBeVisibleAsync();
    }

    async Task ChooseAsync(string name)
    {
        await Page.Locator("input[name=file]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = new byte[2000] });
        await Expect(Page.GetByText(name)).ToBeVisibleAsync();
    }

    Task SendAsync() => Page.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).ClickAsync();

    /// <summary>Drops empty files on an element, once the page listens.</summary>
    async Task DropAsync(string selector, params string[] names)
    {
        await Page.WaitForTimeoutAsync(400); // the module comes after the circuit
        await Page.Locator(selector).EvaluateAsync("""
            (element, names) => {
              const data = new DataTransfer();
              for (const name of names) data.items.add(new File(['x'], name));
              for (const kind of ['dragenter', 'dragover', 'drop']) element.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
            }
            """, names);
    }

    async Task IsAccessibleAsync() => Assert.Empty((await Page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
}
