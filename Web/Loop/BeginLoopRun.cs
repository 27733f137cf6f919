using RetrainLoop.Web.Loop.Feeds;
using RetrainLoop.Web.Loop.Policies;
using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>Monitor's diagnoses -> a new pass of the loop, where the deployment's policy says so.</summary>
public sealed partial class BeginLoopRun(
    ArrowLock turns, Feed feed, MonitorClient monitor, InferenceClient inference, RetrainPolicies policies, LoopRuns runs, TimeProvider time,
    ILogger<BeginLoopRun> logger)
    : Arrow(turns)
{
    public static readonly IReadOnlyList<string> Kinds = [ChangeKinds.DiagnosisMade];
    const int PageSize = 200;
    const int ReportsToSearch = 50;

    protected override async Task<string> TurnAsync(CancellationToken cancellationToken)
    {
        var said = new List<string>();
        while (true)
        {
            var page = await feed.ReadAsync("monitor", Name, Kinds, PageSize, cancellationToken);
            if (page.Changes.Count == 0) return said.Count == 0 ? "Nothing to do." : string.Join(" ", said);
            // Only the newest diagnosis counts: older ones were answered by it.
            foreach (var made in page.Changes.Select(change => change.Read<Diagnosis>()).GroupBy(diagnosis => diagnosis.Deployment))
                said.Add($"{made.Key}: {await AnswerAsync(made.MaxBy(diagnosis => diagnosis.MadeAt)!, cancellationToken)}");
            await feed.AdvanceAsync("monitor", Name, page.Next, cancellationToken);
        }
    }

    async Task<string> AnswerAsync(Diagnosis diagnosis, CancellationToken cancellationToken)
    {
        if (await inference.FindDeploymentAsync(diagnosis.Deployment, cancellationToken) is not { } deployment) return "no such deployment.";
        var policy = await policies.OfAsync(diagnosis.Deployment, cancellationToken);
        var drift = diagnosis.DriftReport is { } id
            ? (await monitor.DriftReportsAsync(diagnosis.Deployment, ReportsToSearch, cancellationToken)).FirstOrDefault(report => report.Id == id)
            : null;
        var active = await runs.FindActiveAsync(diagnosis.Deployment, cancellationToken);
        var last = await runs.FindLastFinishedAsync(diagnosis.Deployment, cancellationToken);
        var now = time.GetUtcNow();
        var decision = RetrainTrigger.Decide(policy, diagnosis, drift, deployment.Champion, active, last?.FinishedAt, now);
        if (!decision.Begin) return $"no pass, since {decision.Reason}.";
        var state = decision.Ask ? LoopRunState.BeginAsking($"{decision.Reason}. Shall this deployment be retrained?", now) : LoopRunState.Begin(now);
        var lineage = new LoopRunLineage
        {
            Diagnosis = diagnosis.Id, DriftReport = drift?.Id, Since = diagnosis.Since ?? drift?.From ?? diagnosis.MadeAt, Champion = deployment.Champion,
        };
        var run = new LoopRun(
            Guid.CreateVersion7(now), deployment.Name, state, decision.Reason, LoopRuns.StackActor, policy, lineage, null, null, now, null, false);
        if (!await runs.BeginAsync(run, diagnosis.Id.ToString(), cancellationToken)) return "a pass is under way already.";
        LogBegun(run.Id, run.Deployment, decision.Reason);
        return $"pass {run.Id} begun.";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Pass {Run} of {Deployment} begun: {Reason}")]
    partial void LogBegun(Guid run, string deployment, string reason);
}
