using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Models;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Inference.Deployments;

/// <summary>Why a deployment that exists is not served by this replica.</summary>
/// <param name="ForGood">The model cannot run here, whatever comes back.</param>
/// <param name="Since">Timestamp of the last try.</param>
sealed record Absence(long Revision, string Reason, bool ForGood, long Since);

/// <summary>
/// What this replica serves. A change loads and warms up its models beside the old ones and then replaces them in one step; frames that were begun
/// finish on the old models. What cannot be loaded changes nothing.
/// </summary>
sealed partial class DeploymentDirectory(
    LoadedModels models, IOptions<DeploymentOptions> options, TimeProvider time, ILogger<DeploymentDirectory> logger)
{
    /// <summary>Until a model that did not load is tried again.</summary>
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    /// <summary>Until storage that did not answer is asked again.</summary>
    static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(2);
    readonly ConcurrentDictionary<string, ServingDeployment> serving = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Absence> absent = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, SemaphoreSlim> applying = new(StringComparer.Ordinal);

    /// <summary>False until after the start each deployment was loaded once or could not be, unless storage that is away holds all of them up.</summary>
    public volatile bool IsLoaded;

    /// <summary>The deployment as it serves now, or null.</summary>
    public ServingDeployment? Find(string name) => serving.GetValueOrDefault(name);

    /// <summary>Why a deployment that exists is not served here; null when it is, or is not known.</summary>
    public Absence? AbsenceOf(string name) => absent.GetValueOrDefault(name);

    /// <summary>
    /// Brings this replica to a deployment's state, as far as its models can be loaded; an older revision than the known one is ignored. What does not
    /// load is logged and tried again later; what served before still serves.
    /// </summary>
    public async Task ApplyAsync(DeploymentInfo info, CancellationToken cancellationToken)
    {
        // Each deployment has a turn of its own: a model that loads slowly keeps no other deployment's change away.
        var turn = applying.GetOrAdd(info.Name, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (IsDue(info)) await ServeAsync(info, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !Outage.IsOfDatabase(exception))
        {
            absent[info.Name] = new Absence(info.Revision, exception.Message, exception is UnservableModelException, time.GetTimestamp());
            LogNotServed(info.Name, info.Revision, exception.Message);
        }
        finally
        {
            turn.Release();
        }
    }

    bool IsDue(DeploymentInfo info)
    {
        if (absent.TryGetValue(info.Name, out var missed) && missed.Revision == info.Revision)
            return time.GetElapsedTime(missed.Since) >= (missed.ForGood ? RetryAfter : OutagePause);
        if (Find(info.Name) is not { } old || old.Info.Revision < info.Revision) return true;
        var candidateIsMissing = old.Info.Revision == info.Revision && old.Candidate is null && info.Candidate is not null;
        return candidateIsMissing && time.GetElapsedTime(old.Since) >= RetryAfter;
    }

    async Task ServeAsync(DeploymentInfo info, CancellationToken cancellationToken)
    {
        var old = Find(info.Name);
        var champion = await models.AcquireAsync(info.Champion, cancellationToken);
        try
        {
            var candidate = await CandidateAsync(info, cancellationToken);
            var guard = old?.Guard is { } known && known.Candidate == info.Candidate ? known
                : new CandidateGuard(info.Name, info.Candidate, time, logger);
            serving[info.Name] = new ServingDeployment(
                info, champion, candidate, guard, old?.Names ?? new SeriesNames(options.Value.MaxCameras), time.GetTimestamp());
        }
        catch
        {
            champion.Release();
            throw;
        }
        absent.TryRemove(info.Name, out _);
        LogServing(info.Name, info.Champion, info.Candidate, info.CandidateWeight, info.Revision);
        old?.Retire();
    }

    // A candidate that does not load must not keep the rest of the change away: the champion takes its share until a later try succeeds.
    async Task<LoadedModel?> CandidateAsync(DeploymentInfo info, CancellationToken cancellationToken)
    {
        if (info.Candidate is null) return null;
        try
        {
            return await models.AcquireAsync(info.Candidate, cancellationToken);
        }
        catch (Exception exception) when (exception is UnservableModelException or BlobStorageException)
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

    [LoggerMessage(Level = LogLevel.Error, Message = "{Deployment} at revision {Revision} cannot be served here: {Reason}")]
    partial void LogNotServed(string deployment, long revision, string reason);
}
