namespace RetrainLoop.Web.Stack;

/// <summary>Training runs.</summary>
public sealed class TrainingClient(HttpClient http) : StackClient(http, "training")
{
    public Task<TrainingRunInfo> StartAsync(TrainingRunRequest request, CancellationToken cancellationToken) =>
        SendAsync<TrainingRunInfo>(HttpMethod.Post, "/v1/runs", request, cancellationToken);

    public Task<TrainingRunInfo> RunAsync(Guid id, CancellationToken cancellationToken) => GetAsync<TrainingRunInfo>($"/v1/runs/{id}", cancellationToken);

    public Task<IReadOnlyList<TrainingRunInfo>> RunsAsync(int limit, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<TrainingRunInfo>>($"/v1/runs?limit={limit}", cancellationToken);

    public Task CancelAsync(Guid id, CancellationToken cancellationToken, string? actor = null) =>
        SendAsync(HttpMethod.Post, $"/v1/runs/{id}/cancel", null, cancellationToken, actor);
}
