using Hangfire;
using RetrainLoop.Web.Loop.Feeds;
using RetrainLoop.Web.Loop.Holdouts;
using RetrainLoop.Web.Loop.Policies;
using RetrainLoop.Web.Loop.PreAnnotations;
using RetrainLoop.Web.Loop.Runs;

namespace RetrainLoop.Web.Loop;

/// <summary>
/// Everything that turns the loop and when, in loop order. Arrows run when they are due: the pulse looks at every interval, and at once when a service
/// nudges. Occasions follow a cron in the deployment's zone; one that was missed while Web was away comes once.
/// </summary>
public sealed class LoopSchedule(IRecurringJobManagerV2 recurring)
{
    /// <summary>The arrows.</summary>
    public static readonly IReadOnlyList<PulsedArrow> Arrows =
    [
        OnFeed<SyncDeployments>("inference", SyncDeployments.Kinds),
        OnFeed<BeginLoopRun>("monitor", BeginLoopRun.Kinds),
        OnFeed<SampleFrames>("inference", SampleFrames.Kinds),
        OnFeed<PreAnnotate>("labeling", PreAnnotate.Kinds) with
        {
            Services = ["labeling", "inference"],
            IsDue = async (services, cancellationToken) =>
                await services.GetRequiredService<PreAnnotationBatches>().AnyOpenAsync(cancellationToken)
                || await services.GetRequiredService<Feed>().HasNewsAsync("labeling", nameof(PreAnnotate), PreAnnotate.Kinds, cancellationToken),
        },
        OnFeed<DiagnoseAnnotations>("labeling", DiagnoseAnnotations.Kinds),
        OnFeed<EraseFrames>("labeling", EraseFrames.Kinds),
        OnStages<FreezeDataset>(["labeling"], LoopRunStage.Sampling, LoopRunStage.Annotating, LoopRunStage.Freezing),
        OnStages<StartTraining>(["training"], LoopRunStage.Training),
        OnStages<RegisterCandidate>([], LoopRunStage.Registering),
        OnStages<ValidateCandidate>(["inference"], LoopRunStage.Validating),
        OnStages<AdvanceRollout>(["inference"], LoopRunStage.RollingOut, LoopRunStage.WaitingForPerson),
        new(nameof(FollowRollout), ["inference"],
            (services, cancellationToken) => services.GetRequiredService<FollowRollout>().AnyBakedAsync(cancellationToken),
            jobs => jobs.Enqueue<FollowRollout>(arrow => arrow.RunAsync(CancellationToken.None))),
        OnStages<LockBaseline>(["inference", "monitor"], LoopRunStage.LockingBaseline),
        OnStages<CloseLoopRun>([], LoopRunStage.Completed, LoopRunStage.Failed, LoopRunStage.Cancelled),
        new(nameof(WeeklyHoldout), ["inference"],
            (services, cancellationToken) => services.GetRequiredService<HoldoutChecks>().AnyOpenAsync(cancellationToken),
            jobs => jobs.Enqueue<WeeklyHoldout>(arrow => arrow.RunAsync(CancellationToken.None))),
    ];

    /// <summary>Sets a deployment's occasions. The same again changes nothing, and does not forget a missed one.</summary>
    /// <param name="zone">IANA zone in which the crons are meant.</param>
    /// <exception cref="ArgumentException">A cron is not understood.</exception>
    public void Apply(string deployment, string zone, RetrainPolicy policy)
    {
        var options = new RecurringJobOptions { TimeZone = TimeZoneInfo.FindSystemTimeZoneById(zone), MisfireHandling = MisfireHandlingMode.Relaxed };
        recurring.AddOrUpdate<Diagnose>($"diagnose:{deployment}", job => job.RunAsync(deployment, CancellationToken.None), policy.DiagnoseCron, options);
        recurring.AddOrUpdate<WeeklyHoldout>(
            $"weekly-holdout:{deployment}", job => job.NoteAsync(deployment, zone, CancellationToken.None), policy.HoldoutCron, options);
        recurring.AddOrUpdate<WeeklyDrift>($"weekly-drift:{deployment}", job => job.RunAsync(deployment, CancellationToken.None), policy.DriftCron, options);
    }

    /// <summary>Sets the occasions that belong to no deployment.</summary>
    public void ApplyCommon()
    {
        recurring.AddOrUpdate<SyncDeployments>("compare-deployments", job => job.ReconcileAsync(CancellationToken.None), "17 * * * *");
        recurring.AddOrUpdate<ReportSchedules>(ReportSchedules.Job, job => job.RunAsync(CancellationToken.None), ReportSchedules.Cron);
    }

    static PulsedArrow OnFeed<T>(string service, IReadOnlyList<string> kinds) where T : Arrow => new(
        typeof(T).Name, [service],
        (services, cancellationToken) => services.GetRequiredService<Feed>().HasNewsAsync(service, typeof(T).Name, kinds, cancellationToken),
        jobs => jobs.Enqueue<T>(arrow => arrow.RunAsync(CancellationToken.None)));

    static PulsedArrow OnStages<T>(IReadOnlyList<string> nudgedBy, params LoopRunStage[] stages) where T : Arrow => new(
        typeof(T).Name, nudgedBy,
        (services, cancellationToken) => services.GetRequiredService<LoopRuns>().AnyInAsync(stages, cancellationToken),
        jobs => jobs.Enqueue<T>(arrow => arrow.RunAsync(CancellationToken.None)));
}

/// <summary>An arrow as the pulse knows it.</summary>
/// <param name="Services">The services whose nudges may make it due.</param>
/// <param name="IsDue">A cheap look whether it has anything to do.</param>
/// <param name="Enqueue">Hands it to Hangfire; returns the job's id.</param>
public sealed record PulsedArrow(
    string Name, IReadOnlyList<string> Services, Func<IServiceProvider, CancellationToken, Task<bool>> IsDue, Func<IBackgroundJobClient, string> Enqueue);
