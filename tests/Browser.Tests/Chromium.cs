using Microsoft.Playwright;

namespace RetrainLoop.Tests.Browser;

/// <summary>One headless browser for the test run: the system's chromium, or the one that CHROMIUM names.</summary>
public sealed class Chromium : IAsyncLifetime
{
    static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    static readonly string[] Flags =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    /// <summary>How long a page may take to show what is expected of it; only a broken test waits so long.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    IPlaywright? playwright;
    IBrowser? browser;

    public bool IsThere => browser is not null;

    /// <summary>The browser. Skips the test where there is none.</summary>
    public IBrowser Browser
    {
        get
        {
            Assert.SkipWhen(browser is null, "There is no Chromium on this machine. Install it (Debian: apt-get install chromium) or name one in the environment variable CHROMIUM.");
            return browser!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        var path = Environment.GetEnvironmentVariable("CHROMIUM") ?? Places.FirstOrDefault(File.Exists);
        if (path is null || !File.Exists(path)) return;
        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Flags });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }
}
