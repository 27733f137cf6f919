namespace RetrainLoop.Web.Stack;

/// <summary>Replays as Inference works on them.</summary>
public sealed class ReplaysClient(HttpClient http) : StackClient(http, "inference")
{
    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<ReplayInfo>> ReplaysAsync(string deployment, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<ReplayInfo>>($"/v1/deployments/{Uri.EscapeDataString(deployment)}/replays", cancellationToken);

    public Task<ReplayInfo> CancelAsync(Guid replay, string actor, CancellationToken cancellationToken) =>
        SendAsync<ReplayInfo>(HttpMethod.Post, $"/v1/replays/{replay}/cancel", null, cancellationToken, actor);

    /// <summary>With its series and report.</summary>
    public Task DeleteAsync(Guid replay, string actor, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/v1/replays/{replay}", null, cancellationToken, actor);
}

/// <summary>What Monitor makes of replays.</summary>
public sealed class ReplayReportsClient(HttpClient http) : StackClient(http, "monitor")
{
    /// <summary>Null until the first frames have come.</summary>
    public Task<ReplayReport?> FindAsync(Guid replay, CancellationToken cancellationToken) =>
        FindAsync<ReplayReport>($"/v1/replays/{replay}/report", cancellationToken);
}
