using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Tests.Web.Outside;
using RetrainLoop.Web.Loop;
using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Tests.Web.Loop;

/// <summary>The arrows on a real database, turned one by one by the test against the outside world.</summary>
public sealed class LoopUnderTest : IAsyncDisposable
{
    readonly WebApplication app;
    readonly StrongBox<OutsideWorld> world;

    LoopUnderTest(WebApplication app, FakeTimeProvider time, StrongBox<OutsideWorld> world) => (this.app, Time, this.world) = (app, time, world);

    public FakeTimeProvider Time { get; }
    public OutsideWorld World => world.Value!;
    public LoopRuns Runs => app.Services.GetRequiredService<LoopRuns>();
    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public static async Task<LoopUnderTest> StartAsync(string connectionString, params (string Key, string Value)[] settings)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 0, 0, TimeSpan.Zero));
        var world = new StrongBox<OutsideWorld>(new OutsideWorld(time));
        var builder = WebApplication.CreateBuilder();
        TestLog.Replace(builder.Logging);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:webdb"] = connectionString, ["Security:ServiceToken"] = ServiceUnderTest<Program>.ServiceToken,
            ["Loop:DefaultPolicy:MinimumTraining"] = "3", ["Loop:DefaultPolicy:MinimumRecent"] = "2",
            ["Loop:DefaultPolicy:PersistHours"] = "0",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddNpgsqlDataSource("webdb");
        builder.AddMigrations("webdb", typeof(LoopPulse).Assembly);
        builder.Services.AddOptions<SecurityOptions>().BindConfiguration("Security");
        builder.Services.AddTransient<ServiceTokenHandler>();
        builder.AddLoopJobs("webdb");
        builder.Services.AddStackClients();
        builder.Services.AddArrows();
        OutsideWorld.Connect(builder.Services, () => world.Value!);
        var app = builder.Build();
        // The test turns the arrows itself: of what the host would start, only the tables are needed.
        foreach (var service in app.Services.GetServices<IHostedService>().Where(service => service.GetType().Name is "Migrator" or "HangfireSchema"))
            await service.StartAsync(default);
        return new LoopUnderTest(app, time, world);
    }

    /// <summary>The same arrows in another world that knows nothing yet.</summary>
    public async Task StartOverAsync()
    {
        await World.DisposeAsync();
        world.Value = new OutsideWorld(Time);
        await using var command = Get<NpgsqlDataSource>().CreateCommand(
            "truncate loop_runs, loop_run_transitions, cursors, pre_annotations, holdout_checks, policies");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Lets an arrow turn once, as a Hangfire worker would.</summary>
    public async Task<string> TurnAsync<T>() where T : Arrow
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<T>().RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Every arrow once, in loop order, and ten seconds later.</summary>
    public async Task TurnAllAsync(Func<Func<Task<string>>, Task>? turn = null)
    {
        turn ??= arrow => arrow();
        foreach (var arrow in new Func<Task<string>>[]
                 {
                     TurnAsync<SyncDeployments>, TurnAsync<BeginLoopRun>, TurnAsync<SampleFrames>, TurnAsync<PreAnnotate>, TurnAsync<FreezeDataset>,
                     TurnAsync<StartTraining>,
                     TurnAsync<RegisterCandidate>, TurnAsync<ValidateCandidate>, TurnAsync<AdvanceRollout>, TurnAsync<LockBaseline>,
                     TurnAsync<CloseLoopRun>, TurnAsync<WeeklyHoldout>,
                 }) await turn(arrow);
        Time.Advance(TimeSpan.FromSeconds(10));
    }

    /// <summary>Turns every arrow until the newest pass stands on one of the stages.</summary>
    public async Task<LoopRun> TurnUntilAsync(params LoopRunStage[] stages)
    {
        for (var round = 0; round < 30; round++)
        {
            await TurnAllAsync();
            if (await NewestAsync() is { } run && stages.Contains(run.State.Stage)) return run;
        }
        Assert.Fail($"The pass never came to {string.Join(" or ", stages)}; it stands on {(await NewestAsync())?.State}.");
        return null!;
    }

    public async Task<LoopRun?> NewestAsync() => (await Runs.ListAsync(null, 1, default)).FirstOrDefault();

    public async Task<IReadOnlyList<LoopRunStage>> StagesAsync(Guid run) =>
        [.. (await Runs.TransitionsAsync(run, default)).Select(transition => transition.To)];

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await World.DisposeAsync();
    }
}
