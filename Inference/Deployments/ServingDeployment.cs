using RetrainLoop.Inference.Execution;

namespace RetrainLoop.Inference.Deployments;

/// <summary>A deployment as this replica serves it at one revision. It never changes: a change replaces it as a whole.</summary>
/// <param name="since">Timestamp at which it was loaded.</param>
sealed class ServingDeployment(
    DeploymentInfo info, LoadedModel champion, LoadedModel? candidate, CandidateGuard guard, SeriesNames names, long since)
{
    public DeploymentInfo Info => info;
    public LoadedModel Champion => champion;
    public LoadedModel? Candidate => candidate;
    public CandidateGuard Guard => guard;
    public SeriesNames Names => names;
    public long Since => since;

    /// <summary>Whether the candidate gets copies of frames without answering anybody.</summary>
    public bool Shadows => candidate is not null && info.CandidateShadow;

    /// <summary>The slot that answers a frame: the same for the same key as long as the weight stays.</summary>
    public ModelSlot Route(string key) =>
        candidate is not null && info.CandidateWeight > 0 && TrafficSplit.TakesCandidate(info.Name, key, info.CandidateWeight) && guard.Allows()
            ? ModelSlot.Candidate
            : ModelSlot.Champion;

    public LoadedModel ModelOf(ModelSlot slot) => slot == ModelSlot.Champion ? champion : candidate!;

    /// <summary>Lets the models go; they are freed after their last frame.</summary>
    public void Retire()
    {
        champion.Release();
        candidate?.Release();
    }
}
