using RetrainLoop.Web.Loop.Feeds;
using RetrainLoop.Web.Loop.Policies;
using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>Inference's deployments -> Monitor and Labeling; a champion without a baseline gets one; the schedule follows zone and policy.</summary>
public sealed class SyncDeployments(
    ArrowLock turns, Feed feed, InferenceClient inference, MonitorClient monitor, LabelingClient labeling, LoopRuns runs, RetrainPolicies policies,
    LoopSchedule schedule)
    : Arrow(turns)
{
    public static readonly IReadOnlyList<string> Kinds = [ChangeKinds.DeploymentChanged];
    const int PageSize = 200;

    protected override async Task<string> TurnAsync(CancellationToken cancellationToken)
    {
        var synced = 0;
        while (true)
        {
            var page = await feed.ReadAsync("inference", Name, Kinds, PageSize, cancellationToken);
            if (page.Changes.Count == 0) return $"{synced} deployments brought up to date.";
            var newest = page.Changes.Select(change => change.Read<DeploymentInfo>()).GroupBy(deployment => deployment.Name)
                .Select(versions => versions.MaxBy(deployment => deployment.Revision)!);
            foreach (var deployment in newest)
            {
                await SyncAsync(deployment, cancellationToken);
                synced++;
            }
            await feed.AdvanceAsync("inference", Name, page.Next, cancellationToken);
        }
    }

    /// <summary>Brings every deployment up to date, whether or not a change told of it: a receiver may have lost its own copy.</summary>
    public async Task<string> ReconcileAsync(CancellationToken cancellationToken)
    {
        var deployments = await inference.DeploymentsAsync(cancellationToken);
        foreach (var deployment in deployments) await SyncAsync(deployment, cancellationToken);
        return $"{deployments.Count} deployments compared.";
    }

    async Task SyncAsync(DeploymentInfo deployment, CancellationToken cancellationToken)
    {
        await monitor.PutDeploymentAsync(deployment, cancellationToken);
        await labeling.PutDeploymentAsync(deployment.Name, new LabelingDeployment(deployment.ClassNames, deployment.Zone), cancellationToken);
        await EnsureBaselineAsync(deployment, cancellationToken);
        schedule.Apply(deployment.Name, deployment.Zone, await policies.OfAsync(deployment.Name, cancellationToken));
    }

    async Task EnsureBaselineAsync(DeploymentInfo deployment, CancellationToken cancellationToken)
    {
        // A pass that brought this champion asks for its baseline itself, with its own lineage.
        if (await runs.FindActiveAsync(deployment.Name, cancellationToken) is { } run && run.Lineage.Candidate == deployment.Champion) return;
        var own = (await monitor.BaselinesAsync(deployment.Name, cancellationToken)).Where(baseline => baseline.Model == deployment.Champion).ToList();
        if (own.Any(baseline => baseline.State != BaselineState.Superseded)) return;
        var key = $"initial:{deployment.Name}:{deployment.Champion.Name}:{deployment.Champion.Version}";
        // A former champion that came back starts over: its old baseline is superseded.
        if (own.Count > 0) key += $":{deployment.Revision}";
        await monitor.StartBaselineAsync(deployment.Name, new BaselineRequest(key, deployment.Champion), cancellationToken);
    }
}
