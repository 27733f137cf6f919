using System.Net;
using System.Globalization;

namespace RetrainLoop.Web.Stack;

/// <summary>Models, deployments, detection jobs and rollouts.</summary>
public sealed class InferenceClient(HttpClient http) : StackClient(http, "inference")
{
    public Task<IReadOnlyList<DeploymentInfo>> DeploymentsAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<DeploymentInfo>>("/v1/deployments", cancellationToken);

    public Task<DeploymentInfo?> FindDeploymentAsync(string deployment, CancellationToken cancellationToken) =>
        FindAsync<DeploymentInfo>($"/v1/deployments/{Uri.EscapeDataString(deployment)}", cancellationToken);

    public async Task<DeploymentInfo> DeploymentAsync(string deployment, CancellationToken cancellationToken) =>
        await GetAsync<DeploymentInfo>($"/v1/deployments/{Uri.EscapeDataString(deployment)}", cancellationToken);

    /// <summary>The changes of the champion, newest first.</summary>
    public Task<IReadOnlyList<DeploymentTransition>> TransitionsAsync(string deployment, int limit, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<DeploymentTransition>>($"/v1/deployments/{Uri.EscapeDataString(deployment)}/transitions?limit={limit}", cancellationToken);

    /// <summary>Makes a deployment, or changes it; see <see cref="DeploymentRequest"/>.</summary>
    public Task<DeploymentInfo> PutDeploymentAsync(string deployment, DeploymentRequest request, CancellationToken cancellationToken, string? actor = null) =>
        SendAsync<DeploymentInfo>(HttpMethod.Put, $"/v1/deployments/{Uri.EscapeDataString(deployment)}", request, cancellationToken, actor);

    public Task<DeploymentInfo> SetSamplingAsync(string deployment, SamplingPolicy sampling, CancellationToken cancellationToken, string? actor = null) =>
        SendAsync<DeploymentInfo>(HttpMethod.Put, $"/v1/deployments/{Uri.EscapeDataString(deployment)}/sampling", sampling, cancellationToken, actor);

    public Task<IReadOnlyList<ModelVersionInfo>> ModelsAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<ModelVersionInfo>>("/v1/models", cancellationToken);

    public Task<ModelVersionInfo> ModelAsync(ModelRef model, CancellationToken cancellationToken) =>
        GetAsync<ModelVersionInfo>($"/v1/models/{Uri.EscapeDataString(model.Name)}/versions/{model.Version}", cancellationToken);

    /// <summary>Null when there is no such version.</summary>
    public Task<ModelVersionInfo?> FindModelAsync(ModelRef model, CancellationToken cancellationToken) =>
        FindAsync<ModelVersionInfo>($"/v1/models/{Uri.EscapeDataString(model.Name)}/versions/{model.Version}", cancellationToken);

    public Task<ModelVersionInfo> RegisterModelAsync(ModelRegistration registration, CancellationToken cancellationToken) =>
        SendAsync<ModelVersionInfo>(HttpMethod.Post, "/v1/models/from-artifacts", registration, cancellationToken);

    /// <summary>Sampled frames captured in [from, to), oldest first; when there are more than <paramref name="limit"/>, evenly picked over the time.</summary>
    /// <param name="reason">Null = all but those kept for embeddings alone.</param>
    public Task<IReadOnlyList<SampledFrame>> FramesBetweenAsync(
        string deployment, DateTimeOffset from, DateTimeOffset to, string? camera, int limit, CancellationToken cancellationToken, SampleReason? reason = null) =>
        GetAsync<IReadOnlyList<SampledFrame>>(
            $"/v1/deployments/{Uri.EscapeDataString(deployment)}/frames/between?from={Iso(from)}&to={Iso(to)}&limit={limit}"
            + (camera is null ? "" : $"&camera={Uri.EscapeDataString(camera)}") + (reason is null ? "" : $"&reason={reason}"), cancellationToken);

    /// <summary>Null when there is no such frame.</summary>
    public Task<SampledFrame?> FindFrameAsync(Guid frame, CancellationToken cancellationToken) =>
        FindAsync<SampledFrame>($"/v1/frames/{frame}", cancellationToken);

    /// <returns>False when there is no such frame any more.</returns>
    public async Task<bool> EraseFrameAsync(Guid frame, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(HttpMethod.Delete, $"/v1/frames/{frame}", null, cancellationToken);
            return true;
        }
        catch (StackException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Remembered requests of a deployment, newest first.</summary>
    /// <param name="before">The <c>next</c> of the page before; null = from the newest.</param>
    public Task<RequestPage> RequestsAsync(string deployment, RequestOutcome? outcome, long? before, int limit, CancellationToken cancellationToken) =>
        GetAsync<RequestPage>(
            $"/v1/requests?deployment={Uri.EscapeDataString(deployment)}&limit={limit}" + (outcome is null ? "" : $"&outcome={outcome}")
            + (before is { } position ? $"&before={position.ToString(CultureInfo.InvariantCulture)}" : ""), cancellationToken);

    /// <summary>Null when no such request is remembered.</summary>
    public Task<RequestInfo?> FindRequestAsync(string id, CancellationToken cancellationToken) =>
        FindAsync<RequestInfo>($"/v1/requests/{Uri.EscapeDataString(id)}", cancellationToken);

    /// <summary>What the replica that answers runs models on.</summary>
    public Task<ProviderInfo> InfoAsync(CancellationToken cancellationToken) => GetAsync<ProviderInfo>("/v1/info", cancellationToken);

    /// <summary>Ready programs for one deployment.</summary>
    public Task<PredictSnippets> SnippetsAsync(string deployment, CancellationToken cancellationToken) =>
        GetAsync<PredictSnippets>($"/v1/deployments/{Uri.EscapeDataString(deployment)}/snippets", cancellationToken);

    public Task<ComparisonInfo> StartComparisonAsync(ComparisonRequest request, string actor, CancellationToken cancellationToken) =>
        SendAsync<ComparisonInfo>(HttpMethod.Post, "/v1/comparisons", request, cancellationToken, actor);

    /// <summary>Null when there is no such comparison.</summary>
    /// <param name="confidence">Boxes from it on, at least 0.05; null = the deployment's operating point.</param>
    public Task<ComparisonDetail?> FindComparisonAsync(Guid id, double? confidence, CancellationToken cancellationToken) =>
        FindAsync<ComparisonDetail>(
            $"/v1/comparisons/{id}" + (confidence is { } least ? string.Create(CultureInfo.InvariantCulture, $"?conf={least}") : ""), cancellationToken);

    public Task<IReadOnlyList<ComparisonInfo>> ComparisonsAsync(string deployment, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<ComparisonInfo>>($"/v1/comparisons?deployment={Uri.EscapeDataString(deployment)}", cancellationToken);

    public Task<ComparisonInfo> CancelComparisonAsync(Guid id, string actor, CancellationToken cancellationToken) =>
        SendAsync<ComparisonInfo>(HttpMethod.Post, $"/v1/comparisons/{id}/cancel", null, cancellationToken, actor);

    public Task<DetectionJobInfo> StartDetectionJobAsync(DetectionJobRequest request, CancellationToken cancellationToken) =>
        SendAsync<DetectionJobInfo>(HttpMethod.Post, "/v1/detection-jobs", request, cancellationToken);

    public Task<DetectionJobInfo> DetectionJobAsync(Guid id, CancellationToken cancellationToken) =>
        GetAsync<DetectionJobInfo>($"/v1/detection-jobs/{id}", cancellationToken);

    public Task<RolloutInfo> StartRolloutAsync(RolloutRequest request, CancellationToken cancellationToken, string? actor = null) =>
        SendAsync<RolloutInfo>(HttpMethod.Post, "/v1/rollouts", request, cancellationToken, actor);

    public Task<RolloutInfo> RolloutAsync(Guid id, CancellationToken cancellationToken) =>
        GetAsync<RolloutInfo>($"/v1/rollouts/{id}", cancellationToken);

    public Task<IReadOnlyList<RolloutInfo>> RolloutsAsync(string deployment, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<RolloutInfo>>($"/v1/rollouts?deployment={Uri.EscapeDataString(deployment)}", cancellationToken);

    public Task<RolloutInfo> AdvanceRolloutAsync(Guid id, RolloutAdvance advance, CancellationToken cancellationToken) =>
        SendAsync<RolloutInfo>(HttpMethod.Post, $"/v1/rollouts/{id}/advance", advance, cancellationToken);

    public Task<RolloutInfo> PauseRolloutAsync(Guid id, string reason, string? actor, CancellationToken cancellationToken) =>
        CommandAsync(id, "pause", reason, actor, cancellationToken);

    public Task<RolloutInfo> ResumeRolloutAsync(Guid id, string reason, string? actor, CancellationToken cancellationToken) =>
        CommandAsync(id, "resume", reason, actor, cancellationToken);

    public Task<RolloutInfo> PromoteRolloutAsync(Guid id, string reason, string? actor, CancellationToken cancellationToken) =>
        CommandAsync(id, "promote", reason, actor, cancellationToken);

    public Task<RolloutInfo> AbortRolloutAsync(Guid id, string reason, string? actor, CancellationToken cancellationToken) =>
        CommandAsync(id, "abort", reason, actor, cancellationToken);

    static string Iso(DateTimeOffset at) => Uri.EscapeDataString(at.UtcDateTime.ToString("O"));

    Task<RolloutInfo> CommandAsync(Guid id, string command, string reason, string? actor, CancellationToken cancellationToken) =>
        SendAsync<RolloutInfo>(HttpMethod.Post, $"/v1/rollouts/{id}/{command}", new RolloutCommand(reason), cancellationToken, actor);
}
