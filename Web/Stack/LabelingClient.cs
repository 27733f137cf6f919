namespace RetrainLoop.Web.Stack;

/// <summary>Samples, label tasks, datasets and holdouts.</summary>
public sealed class LabelingClient(HttpClient http) : StackClient(http, "labeling")
{
    public Task PutDeploymentAsync(string deployment, LabelingDeployment settings, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, Of(deployment), settings, cancellationToken);

    public Task<SampleIntakeResult> TakeSamplesAsync(SampleIntake samples, CancellationToken cancellationToken) =>
        SendAsync<SampleIntakeResult>(HttpMethod.Post, "/v1/samples", samples, cancellationToken);

    public Task TakePreAnnotationAsync(PreAnnotation preAnnotation, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "/v1/pre-annotations", preAnnotation, cancellationToken);

    public Task<QueueInfo> QueueAsync(CancellationToken cancellationToken, string? deployment = null) =>
        GetAsync<QueueInfo>(deployment is null ? "/v1/queue" : $"{Of(deployment)}/queue", cancellationToken);

    /// <summary>The most useful waiting task, or null when there is none.</summary>
    public Task<LabelTask?> ClaimAsync(ClaimRequest request, string actor, CancellationToken cancellationToken) =>
        SendForOptionalAsync<LabelTask>(HttpMethod.Post, "/v1/tasks/claim", request, cancellationToken, actor);

    /// <summary>The task as <paramref name="actor"/> sees it, with the own lease and draft; null when there is no such task.</summary>
    public Task<LabelTask?> FindTaskAsync(Guid id, string actor, CancellationToken cancellationToken) =>
        FindAsync<LabelTask>($"/v1/tasks/{id}", cancellationToken, actor);

    /// <summary>Prolongs the lease; the answer says until when, and has the ETag to submit with.</summary>
    public Task<LabelTask> HeartbeatAsync(Guid id, Guid lease, string actor, CancellationToken cancellationToken) =>
        SendAsync<LabelTask>(HttpMethod.Post, $"/v1/tasks/{id}/heartbeat", new LeaseCommand(lease), cancellationToken, actor);

    public Task SkipAsync(Guid id, Guid lease, string reason, string actor, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"/v1/tasks/{id}/skip", new LeaseCommand(lease, reason), cancellationToken, actor);

    /// <summary>Keeps unfinished boxes; the answer has the ETag to submit with.</summary>
    public Task<LabelTask> SaveDraftAsync(Guid id, LabelSubmission draft, string actor, CancellationToken cancellationToken) =>
        SendAsync<LabelTask>(HttpMethod.Put, $"/v1/tasks/{id}/draft", draft, cancellationToken, actor);

    /// <exception cref="StackException">409 = the lease was lost, 412 = somebody else saved since the ETag was read; the draft is kept.</exception>
    public Task<LabelTask> SubmitAsync(Guid id, LabelSubmission submission, string etag, string actor, CancellationToken cancellationToken) =>
        SendAsync<LabelTask>(HttpMethod.Post, $"/v1/tasks/{id}/submit", submission, cancellationToken, actor, etag);

    public Task<FreezeReadiness> FreezeReadinessAsync(string deployment, DateTimeOffset since, CancellationToken cancellationToken) =>
        GetAsync<FreezeReadiness>($"{Of(deployment)}/freeze-readiness?since={Uri.EscapeDataString(since.UtcDateTime.ToString("O"))}", cancellationToken);

    public Task<FreezeResult> FreezeAsync(string deployment, FreezeRequest request, CancellationToken cancellationToken) =>
        SendAsync<FreezeResult>(HttpMethod.Post, $"{Of(deployment)}/freeze", request, cancellationToken);

    public Task<IReadOnlyList<DatasetVersionInfo>> DatasetsAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<DatasetVersionInfo>>("/v1/datasets", cancellationToken);

    public Task<HoldoutsInfo> HoldoutsAsync(string deployment, CancellationToken cancellationToken) =>
        GetAsync<HoldoutsInfo>($"{Of(deployment)}/holdouts", cancellationToken);

    public Task<HoldoutsInfo> GrowLockedHoldoutAsync(string deployment, HoldoutRequest request, CancellationToken cancellationToken) =>
        SendAsync<HoldoutsInfo>(HttpMethod.Post, $"{Of(deployment)}/holdouts/locked/grow", request, cancellationToken);

    public Task<HoldoutsInfo> RefreshLiveHoldoutAsync(string deployment, HoldoutRequest request, CancellationToken cancellationToken) =>
        SendAsync<HoldoutsInfo>(HttpMethod.Post, $"{Of(deployment)}/holdouts/live/refresh", request, cancellationToken);

    static string Of(string deployment) => $"/v1/deployments/{Uri.EscapeDataString(deployment)}";
}
