using Hangfire;
using RetrainLoop.Web.Loop;
using RetrainLoop.Web.Loop.Policies;

namespace RetrainLoop.Tests.Web.Loop;

public sealed class ReportSchedulesTests(PostgresServer postgres)
{
    [Fact]
    public async Task Turn_OccasionsOfADeployment_AreToldAndForgottenWithThem()
    {
        await using var loop = await LoopUnderTest.StartAsync(await postgres.CreateDatabaseAsync());
        var schedule = loop.Get<LoopSchedule>();
        schedule.ApplyCommon();
        schedule.Apply("line", "Europe/Berlin", new RetrainPolicy());
        loop.World.Monitor.Schedules["web:diagnose:scrapped"] = new ScheduleHeartbeat("scrapped", loop.Time.GetUtcNow(), null, null);
        loop.World.Monitor.Schedules["backup"] = new ScheduleHeartbeat(null, loop.Time.GetUtcNow(), null, null); // somebody else's

        Assert.Equal("5 schedules reported, 1 forgotten.", await loop.TurnAsync<ReportSchedules>());

        Assert.Equal(
            ["backup", "web:compare-deployments", "web:diagnose:line", "web:report-schedules", "web:weekly-drift:line", "web:weekly-holdout:line"],
            loop.World.Monitor.Schedules.Keys.Order(StringComparer.Ordinal));
        var diagnose = loop.World.Monitor.Schedules["web:diagnose:line"];
        Assert.Equal("line", diagnose.Deployment);
        Assert.NotNull(diagnose.NextDue);
        Assert.Equal(
            (TimeSpan.FromMinutes(1), loop.Time.GetUtcNow()),
            (loop.World.Monitor.Schedules["web:report-schedules"].ExpectedEvery, loop.World.Monitor.Schedules["web:report-schedules"].LastRun));
    }
}
