using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Npgsql;
using RetrainLoop.Tests.Browser.Fakes;
using static Microsoft.Playwright.Assertions;

namespace RetrainLoop.Tests.Browser;

/// <summary>What a deployment is and how it samples, changed by people.</summary>
public sealed class SettingsTests(RunningWeb web) : SignedIn(web)
{
    [Fact]
    public async Task Deployment_RefusedThenSaved_KeepsWhatWasTypedAndSendsOnlyThat()
    {
        await Session.OpenAsync("/deployments/packing/settings");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Save the deployment" })).ToBeDisabledAsync();
        await Expect(Page.GetByText("the first")).ToBeVisibleAsync(); // champion
        await Session.IsAccessibleAsync();
        await Page.GetByLabel("Latency budget").FillAsync("90,5");
        await Page.GetByLabel("Name of region 1").FillAsync("augsburg");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Remove region 2" }).ClickAsync();
        await Expect(Page.GetByText("Not saved yet")).ToBeVisibleAsync();
        Stack.Line.RefuseSettings = "The region 'augsburg' lies at no place on Earth.";
        await SaveAsync("deployment");
        await Expect(Page.GetByText("lies at no place on Earth")).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Latency budget")).ToHaveValueAsync("90,5");
        await Session.IsAccessibleAsync();
        Stack.Line.RefuseSettings = null;
        await SaveAsync("deployment");
        await Expect(Page.GetByText("Saved: every replica follows within seconds")).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Latency budget")).ToHaveValueAsync("90.5");
        var (name, request, actor) = Stack.Models.Deployed.Last();
        Assert.Equal(("packing", 90.5, Session.Name, false), (name, request.LatencyBudgetMs, actor, request.Force));
        Assert.Equal(FakeLine.Champion, new ModelRef(request.Model, request.Version));
        Assert.Null(request.Zone ?? (object?)request.OperatingPoint ?? request.Sampling);
        Assert.Equal(["augsburg", "suzhou", "pune"], request.Regions!.Select(region => region.Name));
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Sampling_Changed_IsGuardedUntilItIsSaved()
    {
        await Session.OpenAsync("/deployments/weld-seam/settings");
        await Page.GetByLabel("Random frames").FillAsync("many");
        await SaveAsync("sampling");
        await Expect(Page.GetByText("Random frames per camera and hour: a number from 0 on.")).ToBeVisibleAsync();
        await Page.GetByLabel("Random frames").FillAsync("35");
        await Page.GetByLabel("gear", new() { Exact = true }).CheckAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Frames", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Stay" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex("/settings$"));
        await Expect(Page.GetByLabel("Random frames")).ToHaveValueAsync("35");
        await SaveAsync("sampling");
        await Expect(Page.GetByText("Saved: every replica follows within seconds")).ToBeVisibleAsync();
        var sampled = Stack.Samples.Sampled.Last();
        Assert.Equal(["gear"], sampled.Classes!);
        Assert.Equal(new SamplingPolicy(RandomPerCameraHour: 35), sampled with { Classes = null });
        await Page.GetByRole(AriaRole.Link, new() { Name = "Frames", Exact = true }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex("/frames$"));
        Assert.Empty(Session.Complaints);
    }

    [Fact]
    public async Task Sampling_RaisedByAPass_SaysSoAndWhatGoesBack()
    {
        await using (var database = NpgsqlDataSource.Create(Running.Database))
        await using (var pass = database.CreateCommand(
            """
            insert into loop_runs (id, deployment, stage, stage_since, attempt, reason, started_by, policy, lineage, created_at, closed)
            values (gen_random_uuid(), 'line', 'Sampling', now(), 1, 'drift', 'stack', '{"name":"Retrain on drift"}',
                    '{"since":"2026-11-23T06:00:00Z","champion":{"name":"line","version":1},"samplingRaised":true,"samplingBefore":{"randomPerCameraHour":2}}', now(), false)
            """))
            await pass.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await Session.OpenAsync("/deployments/line/settings");
        await Expect(Page.GetByText("Raised for now")).ToBeVisibleAsync();
        await Expect(Page.GetByText("random frames 20 → 2")).ToBeVisibleAsync();
        await Session.IsAccessibleAsync();
    }

    [Fact]
    public async Task Viewer_SeesTheSettings_AndChangesNone()
    {
        await using (var database = NpgsqlDataSource.Create(Running.Database))
        await using (var copy = database.CreateCommand(
            """
            insert into users select gen_random_uuid(), 'eve', 'EVE', null, null, email_confirmed, password_hash, security_stamp, concurrency_stamp, false, null, true, 0, 'Viewer', created_at
            from users where normalized_user_name = 'ADA' on conflict do nothing
            """))
            await copy.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var eve = await Running.SignInAsync("eve");
        await eve.OpenAsync("/deployments/line/settings");
        await Expect(eve.Page.GetByLabel("Latency budget")).ToBeDisabledAsync();
        await Expect(eve.Page.GetByLabel("Random frames")).ToBeDisabledAsync();
        await Expect(eve.Page.GetByRole(AriaRole.Button, new() { Name = "Save the deployment" })).ToHaveCountAsync(0);
        await Expect(eve.Page.GetByText("agreed with shift lead Weber")).ToBeVisibleAsync();
        await eve.IsAccessibleAsync();
    }

    [Fact]
    public async Task Overview_WithoutRegions_LeadsToWhereTheyAreGiven()
    {
        Stack.Line.Settings["packing"] = new DeploymentRequest("line", 1, Regions: []);
        await Session.OpenAsync("/?deployment=packing");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Name them with their places" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex("/deployments/packing/settings$"));
        await Expect(Page.GetByText("No region yet")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add detroit" }).ClickAsync(); // traffic names it
        await Expect(Page.GetByLabel("Name of region 1")).ToHaveValueAsync("detroit");
        Stack.Line.Settings.TryRemove("packing", out _);
    }

    [Fact]
    public async Task Overview_GpuThatIsNotUsed_IsSaidWithTheReason()
    {
        await Expect(Page.GetByText("Models run on CPU (2 CPU cores, ONNX Runtime 1.31.1)")).ToBeVisibleAsync();
        await Expect(Page.GetByText("The GPU is not used")).ToHaveCountAsync(0);
        var plain = Stack.Line.Provider;
        Stack.Line.Provider = plain with { CudaFailed = true, Reason = "CUDA was tried: its libraries or a device are missing (no CUDA-capable device is detected)." };
        await Expect(Page.GetByText("The GPU is not used")).ToBeVisibleAsync();
        await Page.GetByText("Why not CUDA?").ClickAsync();
        await Expect(Page.GetByText("no CUDA-capable device is detected")).ToBeVisibleAsync();
        await Session.IsAccessibleAsync();
        Stack.Line.Provider = plain;
    }

    Task SaveAsync(string what) => Page.GetByRole(AriaRole.Button, new() { Name = $"Save the {what}" }).ClickAsync();
}
