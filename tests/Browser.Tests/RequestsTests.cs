using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RetrainLoop.Tests.Browser.Fakes;
using static Microsoft.Playwright.Assertions;

namespace RetrainLoop.Tests.Browser;

/// <summary>The log of a deployment: what failed, why, and which frames were kept.</summary>
public sealed class RequestsTests(RunningWeb web) : SignedIn(web)
{
    [Fact]
    public async Task Requests_FilterPageAndDetails_AreHeldByTheUrl()
    {
        await Session.OpenAsync("/deployments/line/frames");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Requests", Exact = true }).ClickAsync();
        await Expect(Page.Locator("tr.request")).ToHaveCountAsync(50);
        await Session.IsAccessibleAsync();
        await Page.GetByLabel("Outcome").SelectOptionAsync("BadInput");
        await Expect(Page).ToHaveURLAsync(new Regex("outcome=BadInput"));
        await Expect(Page.Locator("tr.request")).ToHaveCountAsync(10);
        var row = Page.Locator("tr.request").First;
        await Expect(row).ToContainTextAsync("belt-0412.jpg and 1 more");
        await Expect(row).ToContainTextAsync("munich-cam-2");
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex($"request={FakeRequests.Refused}"));
        await Expect(Page.Locator("tr.details")).ToContainTextAsync("415 Unsupported Media Type");
        await Expect(Page.Locator("tr.details table tbody tr")).ToHaveCountAsync(2);
        await Expect(Page.Locator("tr.details .copy code")).ToHaveTextAsync(FakeRequests.Refused);
        await Session.IsAccessibleAsync();

        await Page.GetByLabel("Outcome").SelectOptionAsync("");
        await Expect(Page.Locator("tr.request")).ToHaveCountAsync(50);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();
        await Expect(Page.Locator("tr.request")).ToHaveCountAsync(20);
        await Expect(Page).ToHaveURLAsync(new Regex("before=21"));
        await Page.GetByRole(AriaRole.Link, new() { Name = "Newest" }).ClickAsync();
        await Expect(Page.Locator("tr.request")).ToHaveCountAsync(50);
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Requests_ById_AreFoundWhereverTheyWent()
    {
        await Session.OpenAsync("/deployments/packing/requests");
        await Expect(Page.GetByText("No request failed, and no frame was kept")).ToBeVisibleAsync();
        await Session.IsAccessibleAsync();
        await FindAsync("01JD9ANOBODYKNOWSTHIS00000");
        await Expect(Page.GetByText("No request of this id is remembered")).ToBeVisibleAsync();
        await FindAsync(FakeRequests.Sampled);
        await Expect(Page.GetByText("It went to line")).ToBeVisibleAsync();
        await Expect(Page.Locator(".request-found .frame-picture .frame-box").First).ToBeVisibleAsync();
        await Page.Locator(".request-found").GetByRole(AriaRole.Link, new() { Name = "line", Exact = true }).ClickAsync();
        await Expect(Page.Locator("tr.details .frame-picture .frame-box").First).ToBeVisibleAsync();
        await Expect(Page.Locator("tr.request.open")).ToContainTextAsync("unsure detection");
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Requests_InferenceAway_KeepWhatWasShownAndComeBack()
    {
        await Session.OpenAsync("/deployments/line/requests");
        await Expect(Page.Locator("tr.request")).ToHaveCountAsync(50);
        Stack.Requests.IsAway = true;
        await Expect(Page.GetByText("this may be out of date")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Expect(Page.Locator("tr.request")).ToHaveCountAsync(50);
        await Page.ReloadAsync();
        await Expect(Page.GetByText("Requests are remembered there")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        Stack.Requests.IsAway = false;
        await Expect(Page.Locator("tr.request")).ToHaveCountAsync(50, new() { Timeout = 20_000 });
    }

    async Task FindAsync(string id)
    {
        await Page.GetByLabel("Find a request id").FillAsync(id);
        await Page.GetByLabel("Find a request id").PressAsync("Enter");
        await Expect(Page).ToHaveURLAsync(new Regex($"request={id}"));
    }
}
