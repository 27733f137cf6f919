using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Models;

namespace RetrainLoop.Inference.Deployments;

/// <summary>
/// What this replica serves. A change loads and warms up its models beside the old ones and then replaces them in one step; frames that were begun
/// finish on the old models. What cannot be loaded changes nothing.
/// </summary>
sealed partial class DeploymentDirectory(
    LoadedModels models, IOptions<DeploymentOptions> options, TimeProvider time, ILogger<DeploymentDirectory> logger)
{
    readonly ConcurrentDictionary<string, ServingDeployment> serving = new(StringComparer.Ordinal);
    readonly SemaphoreSlim applying = new(1);

    /// <summary>False until all deployments were looked at once after the start.</summary>
    public volatile bool IsLoaded;

    /// <summary>The deployment as it serves now, or null.</summary>
    public ServingDeployment? Find(string name) => serving.GetValueOrDefault(name);

    /// <summary>Brings this replica to a deployment's state; an older revision than the known one is ignored.</summary>
    /// <exception cref="UnservableModelException">The champion does not load; what served before still serves.</exception>
    public async Task ApplyAsync(DeploymentInfo info, CancellationToken cancellationToken)
    {
        await applying.WaitAsync(cancellationToken);
        try
        {
            var old = Find(info.Name);
            if (old is not null && old.Info.Revision >= info.Revision && (old.Candidate is not null || info.Candidate is null)) return;
            var champion = await models.AcquireAsync(info.Champion, cancellationToken);
            var candidate = await CandidateAsync(info, cancellationToken);
            var guard = old?.Guard is { } known && known.Candidate == info.Candidate ? known
                : new CandidateGuard(info.Name, info.Candidate, time, logger);
            serving[info.Name] = new ServingDeployment(info, champion, candidate, guard, old?.Names ?? new SeriesNames(options.Value.MaxCameras));
            LogServing(info.Name, info.Champion, info.Candidate, info.CandidateWeight, info.Revision);
            old?.Retire();
        }
        finally
        {
            applying.Release();
        }
    }

    // A candidate that does not load must not keep the rest of the change away: the champion takes its share until a later try succeeds.
    async Task<LoadedModel?> CandidateAsync(DeploymentInfo info, CancellationToken cancellationToken)
    {
        if (info.Candidate is null) return null;
        try
        {
            return await models.AcquireAsync(info.Candidate, cancellationToken);
        }
        catch (UnservableModelException exception)
        {
            LogCandidateFailed(info.Name, info.Candidate, exception.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "{Deployment} serves {Champion}, candidate {Candidate} at {Weight:P0}, revision {Revision}")]
    partial void LogServing(string deployment, ModelRef champion, ModelRef? candidate, double weight, long revision);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Deployment}: the candidate {Candidate} does not load here: {Reason}")]
    partial void LogCandidateFailed(string deployment, ModelRef candidate, string reason);
}
