using System.Net;
using System.Net.Http.Json;
using Hangfire;
using Hangfire.Storage;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.Web.Loop;
using RetrainLoop.Web.Loop.Policies;
using RetrainLoop.Web.Loop.Runs;
using StackExchange.Redis;

namespace RetrainLoop.Tests.Web.Loop;

/// <summary>Web as it runs: pulse, Redis nudges, Hangfire on PostgreSQL and the API, against the outside world.</summary>
public sealed class TurningLoopTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    WebUnderTest web = null!;

    public async ValueTask InitializeAsync()
    {
        web = await WebUnderTest.StartAsync(
            await postgres.CreateDatabaseAsync(), redis.ConnectionString,
            ("Loop:PulseSeconds", "0.3"), ("Loop:DebounceMilliseconds", "20"), ("Loop:ScheduleSeconds", "1"), ("Loop:DefaultPolicy:DiagnoseCron", "* * * * * *"),
            ("Loop:DefaultPolicy:PersistHours", "0"), ("Loop:DefaultPolicy:MinimumTraining", "3"), ("Loop:DefaultPolicy:MinimumRecent", "2"),
            ("Loop:DefaultPolicy:RolloutSteps:0:Weight", "1"),
            ("Loop:DefaultPolicy:RolloutSteps:0:BakeSeconds", "0"), ("Loop:DefaultPolicy:RolloutSteps:0:MinimumRequests", "0"));
        await web.ReadyAsync();
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();

    [Fact]
    public async Task Pass_ByPulseAndHangfire_TurnsByItself()
    {
        web.World.Labeling.Ready = new FreezeReadiness(3, 2, 0, 0);
        web.World.Inference.Publish();
        web.World.Inference.Sample();
        web.World.Monitor.Finds = DiagnosisAction.LabelFirst;
        await StageAsync(LoopRunStage.LockingBaseline);
        web.World.Monitor.BaselinesLock = true;
        await StageAsync(LoopRunStage.Completed);

        var run = (await ListAsync())[0];
        var whole = (await web.Admin().GetFromJsonAsync<LoopRunInfo>($"/v1/loop-runs/{run.Id}", ContractJson.Options))!;
        Assert.Equal((LoopRunStage.Sampling, LoopRunStage.Completed), (whole.Transitions![0].To, whole.Transitions[^1].To));
        Assert.Equal(new ModelRef("line", 2), whole.Lineage.Candidate);
        await Eventually.TrueAsync(() => Task.FromResult(web.World.Labeling.PreAnnotated == 1), "the sampled frame is pre-annotated");
        var recurring = web.Get<JobStorage>().GetConnection().GetRecurringJobs();
        Assert.Equal(["compare-deployments", "diagnose:line", "report-schedules", "weekly-drift:line", "weekly-holdout:line"], recurring.Select(job => job.Id).Order());
        Assert.Equal("Europe/Berlin", recurring.Single(job => job.Id == "diagnose:line").TimeZoneId);
        Assert.Equal(0, web.Get<JobStorage>().GetMonitoringApi().FailedCount());
    }

    [Fact]
    public async Task Nudge_OverRedis_TurnsTheArrowLongBeforeThePulse()
    {
        await using var slow = await WebUnderTest.StartAsync(await postgres.CreateDatabaseAsync(), redis.ConnectionString, ("Loop:PulseSeconds", "300"));
        await slow.ReadyAsync();
        slow.World.Inference.Sample();
        // The first look at the start may have found the frame; only a nudge can find the second one.
        await NudgedAsync(1);
        slow.World.Inference.Sample();
        await NudgedAsync(2);

        Task NudgedAsync(int frames) => Eventually.TrueAsync(async () =>
        {
            await slow.Get<IConnectionMultiplexer>().GetSubscriber().PublishAsync(ChangeNudge.Channel, "inference");
            return slow.World.Labeling.Samples.Count == frames;
        }, $"{frames} frames are with Labeling");
    }

    [Fact]
    public async Task Api_BeginDecideCancel_AnswerAsTheStateAllows()
    {
        var admin = web.Admin();
        var began = await admin.PostAsJsonAsync("/v1/deployments/line/loop-runs", new LoopRunStart("new parts arrive"), ContractJson.Options);
        Assert.Equal(HttpStatusCode.Created, began.StatusCode);
        var run = (await WebUnderTest.ReadAsync<LoopRunInfo>(began))!;
        Assert.Equal("admin (stack)", run.StartedBy);
        Assert.Equal(
            HttpStatusCode.Conflict,
            (await admin.PostAsJsonAsync("/v1/deployments/line/loop-runs", new LoopRunStart("again"), ContractJson.Options)).StatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await admin.PostAsJsonAsync("/v1/deployments/nowhere/loop-runs", new LoopRunStart("x"), ContractJson.Options)).StatusCode);
        Assert.Equal(
            HttpStatusCode.Conflict,
            (await admin.PostAsJsonAsync($"/v1/loop-runs/{run.Id}/decide", new LoopRunDecision(LoopRunAnswer.Accept, "yes"), ContractJson.Options)).StatusCode);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await admin.PostAsJsonAsync($"/v1/loop-runs/{run.Id}/cancel", new LoopRunCommand(""), ContractJson.Options)).StatusCode);
        var cancelled = await WebUnderTest.ReadAsync<LoopRunInfo>(
            await admin.PostAsJsonAsync($"/v1/loop-runs/{run.Id}/cancel", new LoopRunCommand("a mistake"), ContractJson.Options));
        Assert.Equal((LoopRunStage.Cancelled, "a mistake"), (cancelled!.Stage, cancelled.Transitions![^1].Reason));
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync($"/v1/loop-runs/{Guid.NewGuid()}")).StatusCode);
    }

    [Fact]
    public async Task Policy_PutAndGet_KeepsItAndRefusesABadCron()
    {
        var admin = web.Admin();
        var policy = new RetrainPolicy { Name = "Careful", Mode = RetrainMode.Ask, DiagnoseCron = "30 7 * * *" };
        Assert.Equal(HttpStatusCode.OK, (await admin.PutAsJsonAsync("/v1/policies/line", policy, ContractJson.Options)).StatusCode);
        Assert.Equal("30 7 * * *", web.Get<JobStorage>().GetConnection().GetRecurringJobs().Single(job => job.Id == "diagnose:line").Cron);
        var bad = await admin.PutAsJsonAsync("/v1/policies/line", policy with { DriftCron = "every day" }, ContractJson.Options);
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Contains("cron", await bad.Content.ReadAsStringAsync());
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await admin.PutAsJsonAsync("/v1/policies/line", policy with { MinimumRecent = 0 }, ContractJson.Options)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.PutAsJsonAsync("/v1/policies/nowhere", policy, ContractJson.Options)).StatusCode);
        Assert.Equal(policy, await admin.GetFromJsonAsync<RetrainPolicy>("/v1/policies/line", ContractJson.Options));
    }

    async Task<IReadOnlyList<LoopRunInfo>> ListAsync() =>
        (await web.Admin().GetFromJsonAsync<IReadOnlyList<LoopRunInfo>>("/v1/loop-runs?deployment=line", ContractJson.Options))!;

    Task StageAsync(LoopRunStage stage) => Eventually.TrueAsync(async () => (await ListAsync()).FirstOrDefault()?.Stage == stage, $"the pass is {stage}");
}
