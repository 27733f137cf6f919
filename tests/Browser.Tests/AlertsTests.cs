using Microsoft.Playwright;
using Npgsql;
using RetrainLoop.Tests.Browser.Fakes;
using static Microsoft.Playwright.Assertions;

namespace RetrainLoop.Tests.Browser;

/// <summary>A person sets alerts up, is woken by one, and handles it.</summary>
public sealed class AlertsTests(RunningWeb web) : SignedIn(web)
{
    [Fact]
    public async Task Rules_SetUpInTheEditor_ArePreviewedAndKept()
    {
        await Session.OpenAsync("/alerts/rules");
        await Page.GetByRole(AriaRole.Link, new() { Name = "New rule" }).ClickAsync();
        await Page.GetByLabel("Metric").SelectOptionAsync("LatencyP95");
        await Page.GetByLabel("Threshold, ms").FillAsync("110");
        await Page.GetByLabel("Minutes in a row").FillAsync("3");
        await Expect(Page.GetByText("would have fired 3 times")).ToBeVisibleAsync();
        await Expect(Page.Locator(".chart-canvas canvas")).ToHaveCountAsync(1);
        await Page.GetByLabel("Name").FillAsync("p95 of the press");
        await Expect(Page.Locator(".rule-preview[aria-busy=false]")).ToBeVisibleAsync();
        await Session.IsAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Create the rule" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "p95 of the press" })).ToBeVisibleAsync();
        var latency = Stack.Alerts.Rules.Single(rule => rule.Name == "p95 of the press");
        Assert.Equal((AlertMetric.LatencyP95, AlertComparison.Above, 110.0, 3), (latency.Metric, latency.Comparison, latency.Threshold!.Value, latency.ForMinutes));

        await Session.OpenAsync($"/deployments/{FakeLine.Name}?region=munich");
        await Page.Locator("figure", new() { HasText = "Detections per minute" }).GetByRole(AriaRole.Link, new() { Name = "Alert" }).ClickAsync();
        await Expect(Page.GetByLabel("Region", new() { Exact = true })).ToHaveValueAsync("munich");
        await Page.GetByLabel("Threshold, % of the usual").FillAsync("50");
        await Page.GetByLabel("Name").FillAsync("Munich sees less");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Create the rule" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Munich sees less" })).ToBeVisibleAsync();
        var drop = Stack.Alerts.Rules.Single(rule => rule.Name == "Munich sees less");
        Assert.Equal((AlertComparison.DropsBy, 0.5, FakeLine.Name, "munich"), (drop.Comparison, drop.Threshold!.Value, drop.Deployment, drop.Region));

        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete…" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete the rule" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/alerts/rules$"));
        Assert.DoesNotContain(Stack.Alerts.Rules, rule => rule.Name == "Munich sees less");
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Alert_ThatFires_IsShownWithItsRunbookAndHandled()
    {
        await Expect(Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages", Exact = true }).GetByLabel("firing")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Alerts" }).First.ClickAsync();
        await Expect(Page.Locator("table.alerts tbody tr").First).ToContainTextAsync("p95 latency over budget");
        await Session.IsAccessibleAsync();
        await Page.Locator("table.alerts").GetByRole(AriaRole.Link, new() { Name = "p95 latency over budget" }).First.ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Look at these three first" })).ToBeVisibleAsync();
        await Expect(Page.Locator(".chart-canvas canvas")).ToHaveCountAsync(1);
        await Expect(Page.GetByText("Over the threshold for 5 consecutive minutes.")).ToBeVisibleAsync();
        await Expect(Page.GetByText("200 OK")).ToBeVisibleAsync();
        await Session.IsAccessibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge…" }).ClickAsync();
        await Page.GetByLabel("Note").FillAsync("The training run is to blame");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge", Exact = true }).ClickAsync();
        await Expect(Page.GetByText("The training run is to blame")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Take back" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge…" })).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Silence…" }).ClickAsync();
        await Page.GetByLabel("Why").FillAsync("Maintenance");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Silence", Exact = true }).ClickAsync();
        await Expect(Page.GetByText("Silenced until")).ToBeVisibleAsync();
        var silence = Assert.Single(Stack.Alerts.Silences);
        Assert.Equal((FakeAlerts.LatencyRule, FakeLine.Name, Session.Name, "Maintenance"), (silence.Rule!.Value, silence.Deployment, silence.Author, silence.Comment));
        await Session.OpenAsync("/alerts/silences");
        await Page.GetByRole(AriaRole.Button, new() { Name = "End now" }).ClickAsync();
        await Expect(Page.GetByText("Over", new() { Exact = true })).ToBeVisibleAsync();

        await Session.OpenAsync($"/alerts/{FakeAlerts.LatencyAlert}");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Test-fire" }).ClickAsync();
        await Expect(Page.GetByText("Fired by hand to see that it arrives.")).ToBeVisibleAsync();
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task ChannelsAndRunbooks_Edited_KeepSecretsAndPages()
    {
        await Session.OpenAsync("/alerts/channels");
        await Page.GetByRole(AriaRole.Button, new() { Name = "New channel" }).ClickAsync();
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Night shift");
        await Page.GetByLabel("Address").FillAsync("https://hooks.example.com/night");
        await Page.Locator("input[type=password]").FillAsync("a secret of the night");
        await Session.IsAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        var row = Page.Locator("tr", new() { HasText = "Night shift" });
        await row.GetByRole(AriaRole.Button, new() { Name = "Test" }).ClickAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Stack.Channels.Tested.Contains("Night shift")), "the test was asked for");
        Assert.Equal("a secret of the night", Stack.Channels.Secrets["Night shift"]);
        await row.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await Expect(Page.Locator("input[type=password]")).ToHaveValueAsync("");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Page.Locator(".channel-form")).ToHaveCountAsync(0);
        Assert.Null(Stack.Channels.Secrets["Night shift"]);

        await Session.OpenAsync("/alerts/runbooks/error-rate");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await Page.GetByLabel("Markdown").FillAsync("# Errors of ours\n\nCall **Grace**.");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Errors of ours" })).ToBeVisibleAsync();
        Assert.Contains("Call **Grace**", Stack.Alerts.EditedRunbooks["error-rate"], StringComparison.Ordinal);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Back to the built-in page" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Requests are refused or fail" })).ToBeVisibleAsync();
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Telemetry_ReplicaWhoseClockIsOff_IsNamedWithItsSkew()
    {
        await Session.OpenAsync("/alerts/telemetry");
        var other = Page.Locator("table.replicas tbody tr").Filter(new() { HasText = "inference-2" });
        await Expect(other).ToContainTextAsync("42.0 s behind, corrected");
        await Expect(other).ToContainTextAsync("Reports");
        await Session.IsAccessibleAsync();
        await Session.OpenAsync("/alerts/history");
        await Expect(Page.GetByText("Found late")).ToHaveCountAsync(2);
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Viewer_LooksAtEverything_AndChangesNothing()
    {
        await using (var database = NpgsqlDataSource.Create(Running.Database))
        await using (var copy = database.CreateCommand(
            """
            insert into users select gen_random_uuid(), 'eve', 'EVE', null, null, email_confirmed, password_hash, security_stamp, concurrency_stamp, false, null, true, 0, 'Viewer', created_at
            from users where normalized_user_name = 'ADA' on conflict do nothing
            """))
            await copy.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var eve = await Running.SignInAsync("eve");
        await eve.OpenAsync($"/alerts/{FakeAlerts.LatencyAlert}");
        foreach (var name in new[] { "Acknowledge…", "Silence…", "Test-fire" })
            await Expect(eve.Page.GetByRole(AriaRole.Button, new() { Name = name })).ToBeDisabledAsync();
        await Expect(eve.Page.GetByRole(AriaRole.Heading, new() { Name = "Look at these three first" })).ToBeVisibleAsync();
        await eve.OpenAsync($"/alerts/rules/{FakeAlerts.LatencyRule}");
        await Expect(eve.Page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToBeDisabledAsync();
        await eve.OpenAsync("/alerts/channels");
        await Expect(eve.Page.GetByRole(AriaRole.Button, new() { Name = "New channel" })).ToBeDisabledAsync();
    }
}
