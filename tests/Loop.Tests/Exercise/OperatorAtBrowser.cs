using Microsoft.Playwright;
using RetrainLoop.Tests.Browser;
using RetrainLoop.Tests.Loop.Stack;
using static Microsoft.Playwright.Assertions;

namespace RetrainLoop.Tests.Loop.Exercise;

/// <summary>A person who operates the running stack in its real pages.</summary>
sealed class OperatorAtBrowser : IAsyncDisposable
{
    const string Name = "grace", Password = "a loop of washers and nuts";
    static readonly float Patience = (float)TimeSpan.FromSeconds(30).TotalMilliseconds;
    readonly IBrowserContext context;
    readonly IPage page;

    OperatorAtBrowser(IBrowserContext context, IPage page) => (this.context, this.page) = (context, page);

    /// <summary>Makes the first administrator by the one-time link of the stack.</summary>
    public static async Task<OperatorAtBrowser> SetUpAsync(Chromium chromium, RunningStack stack)
    {
        var context = await chromium.Browser.NewContextAsync(new() { BaseURL = stack.File["web"].Url });
        var someone = new OperatorAtBrowser(context, await context.NewPageAsync());
        someone.page.SetDefaultTimeout(Patience);
        await someone.page.GotoAsync((await File.ReadAllTextAsync(Path.Combine(stack.Data, "setup-link.txt"), TestContext.Current.CancellationToken)).Trim());
        await someone.page.GetByLabel("Name").FillAsync(Name);
        await someone.page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await someone.page.GetByLabel("Password again").FillAsync(Password);
        await someone.page.GetByRole(AriaRole.Button, new() { Name = "Create and sign in" }).ClickAsync();
        await someone.IsLiveAsync();
        return someone;
    }

    public async Task AddWebhookAsync(string name, string address)
    {
        await OpenAsync("/alerts/channels");
        await page.GetByRole(AriaRole.Button, new() { Name = "New channel" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Address").FillAsync(address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator("tr", new() { HasText = name }).First).ToBeVisibleAsync();
    }

    /// <param name="thresholdLabel">The label of the threshold's field, which names its unit.</param>
    public async Task AddRuleAsync(string name, AlertMetric metric, string thresholdLabel, string threshold, int minutes, string runbook)
    {
        await OpenAsync("/alerts/rules/new");
        await page.GetByLabel("Metric").SelectOptionAsync($"{metric}");
        await page.GetByLabel("Deployment").SelectOptionAsync("line");
        await page.GetByLabel(thresholdLabel, new() { Exact = true }).FillAsync(threshold);
        await page.GetByLabel("Minutes in a row").FillAsync($"{minutes}");
        await page.GetByLabel("Runbook").SelectOptionAsync(runbook);
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the rule" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = name })).ToBeVisibleAsync();
    }

    /// <summary>Sees the rule fire in the list, opens the alert, and finds the runbook beside it.</summary>
    public async Task SeesFiringWithRunbookAsync(string rule)
    {
        await OpenAsync("/alerts?state=firing");
        await page.Locator("table.alerts").GetByRole(AriaRole.Link, new() { Name = rule, Exact = true }).First.ClickAsync();
        await Expect(page.Locator(".alert-head .state")).ToHaveTextAsync("Firing");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Runbook" }).GetByRole(AriaRole.Heading, new() { Name = "Look at these three first" })).ToBeVisibleAsync();
    }

    async Task OpenAsync(string address)
    {
        await page.GotoAsync(address);
        await IsLiveAsync();
    }

    Task IsLiveAsync() => page.Locator("html[data-circuit=open]").WaitForAsync();

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
