using RetrainLoop.Web.Loop.Feeds;
using RetrainLoop.Web.Loop.Holdouts;
using RetrainLoop.Web.Loop.Policies;
using RetrainLoop.Web.Loop.PreAnnotations;
using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

public static class LoopExtensions
{
    /// <summary>Everything that turns the loop: clients of the services, the jobs, their schedule, the passes.</summary>
    public static void AddLoop(this WebApplicationBuilder builder)
    {
        builder.AddStack();
        builder.AddLoopJobs("webdb");
        builder.Services.AddArrows();
        builder.Services.AddHostedService<LoopPulse>();
    }

    /// <summary>The arrows and what they keep in webdb.</summary>
    public static void AddArrows(this IServiceCollection services)
    {
        services.AddOptions<LoopOptions>().BindConfiguration("Loop").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ArrowLock>().AddSingleton<PulseSignal>().AddSingleton<LoopSchedule>();
        services.AddSingleton<LoopRuns>().AddSingleton<RetrainPolicies>().AddSingleton<PreAnnotationBatches>().AddSingleton<HoldoutChecks>();
        services.AddTransient<HoldoutNow>().AddTransient<PolicyChange>().AddTransient<SampleDrift>();
        services.AddTransient<Feed>().AddTransient<DetectOnDataset>().AddTransient<RaiseSampling>().AddTransient<BeginByHand>();
        services.AddTransient<SyncDeployments>().AddTransient<Diagnose>().AddTransient<BeginLoopRun>().AddTransient<SampleFrames>().AddTransient<PreAnnotate>();
        services.AddTransient<FreezeDataset>().AddTransient<StartTraining>().AddTransient<RegisterCandidate>().AddTransient<ValidateCandidate>();
        services.AddTransient<AdvanceRollout>().AddTransient<LockBaseline>().AddTransient<CloseLoopRun>().AddTransient<WeeklyHoldout>().AddTransient<WeeklyDrift>();
        services.AddTransient<EraseFrames>().AddTransient<DiagnoseAnnotations>().AddTransient<ReportSchedules>().AddTransient<RolloutBaking>().AddTransient<FollowRollout>();
    }

    /// <summary>Maps <c>/v1/loop-runs</c>, <c>/v1/policies</c> and the holdout checks.</summary>
    public static void MapLoop(this WebApplication app)
    {
        app.MapLoopRunsApi();
        app.MapPoliciesApi();
        app.MapHoldoutChecksApi();
    }
}
