using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace RetrainLoop.Tests.Browser;

/// <summary>A person at the browser: signs in and remembers what the page complained about.</summary>
public sealed class Session : IAsyncDisposable
{
    public const string Name = "ada", Password = "a loop of washers and nuts";
    readonly IBrowserContext context;

    Session(IBrowserContext context, IPage page) => (this.context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>Errors of scripts and refused content, which no page may have.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<Session> OpenAsync(IBrowser browser, WebProcess web, ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900)
    {
        var context = await browser.NewContextAsync(new() { BaseURL = web.Address, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height } });
        var session = new Session(context, await context.NewPageAsync());
        session.Page.Console += (_, message) => { if (message.Type == "error") session.Complaints.Add(message.Text); };
        session.Page.PageError += (_, error) => session.Complaints.Add(error);
        return session;
    }

    /// <summary>Creates the administrator by the one-time link; afterwards signed in on the overview.</summary>
    public async Task SetUpAsync(WebProcess web)
    {
        await Page.GotoAsync(await web.SetupLinkAsync());
        await Page.GetByLabel("Name").FillAsync(Name);
        await Page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await Page.GetByLabel("Password again").FillAsync(Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Create and sign in" }).ClickAsync();
        await IsLiveAsync();
    }

    /// <summary>Opens a page and waits until it answers clicks.</summary>
    public async Task OpenAsync(string address)
    {
        await Page.GotoAsync(address);
        await IsLiveAsync();
    }

    Task IsLiveAsync() => Page.Locator("html[data-circuit=open]").WaitForAsync();

    public async Task SignInAsync(string name = Name)
    {
        await Page.GotoAsync("/login");
        await Page.GetByLabel("Name").FillAsync(name);
        await Page.GetByLabel("Password").FillAsync(Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await IsLiveAsync();
    }

    /// <summary>Contrast, names and roles, as axe sees them.</summary>
    public async Task IsAccessibleAsync()
    {
        var result = await Page.RunAxe();
        Assert.True(result.Violations.Length == 0, string.Join('\n', result.Violations.Select(violation =>
            $"{violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(4).Select(node => node.Html))}")));
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
