using Microsoft.Playwright;
using RetrainLoop.Tests.Browser.Fakes;

namespace RetrainLoop.Tests.Browser;

/// <summary>Takes pictures of every page for people to look at: set RETRAINLOOP_SCREENS to a folder.</summary>
public sealed class ScreensTests(PostgresServer postgres, RedisServer redis, Chromium chromium)
{
    static readonly (string Name, string Path)[] Pages =
    [
        ("overview", "/"), ("metrics", "/deployments/line"), ("metrics-day", "/deployments/line?range=24h"), ("metrics-split", "/deployments/line?range=7d&split=camera"), ("metrics-empty", "/deployments/weld-seam"),
        ("metrics-frames", "/deployments/line/frames"), ("requests", "/deployments/line/requests"), ("requests-open", $"/deployments/line/requests?request={FakeRequests.Sampled}"),
        ("requests-found", $"/deployments/packing/requests?request={FakeRequests.Sampled}"), ("requests-empty", "/deployments/weld-seam/requests"), ("settings", "/deployments/line/settings"),
        ("settings-typed", "/deployments/packing/settings"), ("metrics-unknown", "/deployments/nothing"),
        ("alerts", "/alerts"), ("alerts-all", "/alerts?state=all"), ("alerts-history", "/alerts/history"), ("alerts-one", $"/alerts/{FakeAlerts.LatencyAlert}"),
        ("alerts-rules", "/alerts/rules"), ("alerts-rule", $"/alerts/rules/{FakeAlerts.LatencyRule}"), ("alerts-rule-new", "/alerts/rules/new?metric=DetectionsPerMinute&deployment=line"),
        ("alerts-silences", "/alerts/silences"), ("alerts-channels", "/alerts/channels"), ("alerts-telemetry", "/alerts/telemetry"), ("alerts-runbooks", "/alerts/runbooks"), ("alerts-runbook", "/alerts/runbooks/latency-p95"),
        ("replay", "/deployments/line/replay"), ("replay-empty", "/deployments/packing/replay"), ("replay-failed", "/deployments/line/replay"),
        ("models", "/models"), ("model-version", "/models/line/2"), ("model-upload", "/models/upload"), ("model-upload-ended", "/models/upload"), ("model-deploy-new", "/models/line/1"), ("predict-refused", "/deployments/line/predict"), ("predict-start", "/deployments/line/predict"), ("predict", "/deployments/line/predict?language=python"),
        ("compare", "/deployments/line/compare"), ("compare-frames", $"/deployments/line/compare/{FakeSamples.Finished}"), ("compare-large", $"/deployments/line/compare/{FakeSamples.Finished}"), ("compare-champion", "/deployments/line/compare?model=line:1"), ("drift", "/deployments/line/drift"),
        ("drift-bin", "/deployments/line/drift?signal=boxArea&bin=20"), ("drift-cell", "/deployments/line/drift?cell=169"), ("drift-empty", "/deployments/weld-seam/drift"), ("holdout", "/deployments/line/holdout"),
        ("holdout-empty", "/deployments/weld-seam/holdout"), ("diagnosis", "/deployments/line/diagnosis"),
        ("model-deploy", "/models/gate-yolox/3"), ("diagnosis-edit", "/deployments/line/diagnosis"),
        ("loop", "/loop?deployment=line"), ("loop-asks", "/loop?deployment=packing"), ("jobs", "/jobs"), ("nowhere", "/nowhere"), ("label", "/label"),
    ];

    [Fact]
    public async Task EveryPage_BothThemesAndWidths_IsPhotographed()
    {
        var folder = Environment.GetEnvironmentVariable("RETRAINLOOP_SCREENS");
        Assert.SkipWhen(folder is null, "Pictures are taken only when RETRAINLOOP_SCREENS names a folder for them.");
        var only = Environment.GetEnvironmentVariable("RETRAINLOOP_SCREENS_OF"); // starts of pages' names with commas between, to see some sooner
        var browser = chromium.Browser;
        await using var stack = await FakeStack.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await using var web = await WebProcess.StartAsync(database, redis.ConnectionString, stack);
        await using (var first = await Session.OpenAsync(browser, web))
        {
            if (only is null || only.Contains("overview-empty", StringComparison.Ordinal)) await ShootFirstStartAsync(first, web, stack, folder!);
            else await first.SetUpAsync(web);
        }
        stack.Labeling.Add(40);
        await LoopRunRows.InsertAsync(database, stack.Line);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            foreach (var width in new[] { 1440, 900 })
            {
                await using var session = await Session.OpenAsync(browser, web, scheme, width);
                if (only is null) await session.Page.GotoAsync("/login");
                if (only is null) await ShootAsync(session, folder!, $"login-{scheme}-{width}");
                await session.SignInAsync();
                foreach (var (name, path) in Pages.Where(page => only is null || only.Split(',').Any(start => page.Name.StartsWith(start, StringComparison.Ordinal))))
                {
                    await session.OpenAsync(path);
                    await DoFirstAsync(session.Page, name);
                    await ShootAsync(session, folder!, $"{name}-{scheme}-{width}");
                }
                if (only is not null) continue;
                await session.Page.Keyboard.PressAsync("?");
                await ShootAsync(session, folder!, $"keys-{scheme}-{width}");
                await session.Page.Keyboard.PressAsync("Escape");
                await session.Page.GetByRole(AriaRole.Button, new() { Name = Session.Name }).ClickAsync();
                await ShootAsync(session, folder!, $"menu-{scheme}-{width}");
                Assert.DoesNotContain(session.Complaints, complaint => !complaint.Contains("404", StringComparison.Ordinal)); // the page that is not there
            }
    }

    // What a person does on the page before there is something to look at.
    static Task DoFirstAsync(IPage page, string name) => name switch
    {
        "predict" => page.Locator("[data-part=file]").SetInputFilesAsync(new FilePayload { Name = "frame.jpg", MimeType = "image/jpeg", Buffer = FakeFrames.Draw(7).Jpeg }),
        "predict-refused" => page.Locator("[data-part=file]").SetInputFilesAsync(new FilePayload { Name = "note.jpg", MimeType = "image/jpeg", Buffer = "no picture"u8.ToArray() }),
        "model-upload-ended" => UploadAsync(page),
        "model-deploy-new" => page.GetByRole(AriaRole.Button, new() { Name = "Deploy" }).ClickAsync(),
        "compare-large" => page.GetByRole(AriaRole.Button, new() { Name = "Show large" }).First.ClickAsync(),
        "replay-failed" => FailedReplayAsync(page),
        "model-deploy" => page.GetByRole(AriaRole.Button, new() { Name = "Deploy" }).ClickAsync(),
        "diagnosis-edit" => page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync(),
        "settings-typed" => TypeSettingsAsync(page),
        _ => Task.CompletedTask,
    };

    static async Task TypeSettingsAsync(IPage page)
    {
        await page.GetByLabel("Operating point").FillAsync("0.4");
        await page.GetByLabel("Time zone").FillAsync("Mars/Olympus");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a region" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save the deployment" }).ClickAsync();
    }

    static async Task UploadAsync(IPage page)
    {
        await page.Locator("input[name=file]").SetInputFilesAsync(new FilePayload { Name = "parts.onnx", MimeType = "application/octet-stream", Buffer = new byte[3_000_000] });
        await page.GetByText("Advanced: batching").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).ClickAsync();
    }

    static async Task FailedReplayAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Camera test", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete Camera test" }).ClickAsync();
    }

    static async Task ShootFirstStartAsync(Session first, WebProcess web, FakeStack stack, string folder)
    {
        stack.Line.HasDeployment = false;
        await first.Page.GotoAsync("/");
        await ShootAsync(first, folder, "setup-hint");
        await first.Page.GotoAsync(await web.SetupLinkAsync());
        await ShootAsync(first, folder, "setup");
        await first.SetUpAsync(web);
        await ShootAsync(first, folder, "overview-empty");
        await first.Page.GetByText("From a terminal").ClickAsync();
        await ShootAsync(first, folder, "overview-empty-terminal");
        await first.Page.GotoAsync("/loop");
        await ShootAsync(first, folder, "loop-empty");
        await first.Page.GotoAsync("/label");
        await ShootAsync(first, folder, "label-empty");
        stack.Line.HasDeployment = true;
    }

    static async Task ShootAsync(Session session, string folder, string name)
    {
        await session.Page.WaitForTimeoutAsync(1800);
        await session.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name.ToLowerInvariant()}.png"), FullPage = true });
    }
}
