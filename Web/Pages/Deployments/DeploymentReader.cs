using System.Collections.Concurrent;
using RetrainLoop.Web.Pages.Overview;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages.Deployments;

/// <summary>What came of asking for a deployment.</summary>
/// <param name="Answered">False = Inference could not be asked, so that a missing deployment says nothing.</param>
public sealed record DeploymentAnswer(bool Answered, DeploymentOverview? Deployment);

/// <summary>Reads a deployment with its newest summary; all circuits that look at the same one share a read of about two seconds.</summary>
public sealed class DeploymentReader(IServiceProvider services, TimeProvider time)
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1.8);
    static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    readonly ConcurrentDictionary<string, Entry> entries = [];

    /// <summary>What the last read of the recent minutes gave, without waiting: a change of tabs need not blink.</summary>
    public DeploymentOverview? Last(string name) =>
        entries.TryGetValue(name, out var entry) && entry.Answer is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } ? entry.Answer.Value.Result.Deployment : null;

    public Task<DeploymentAnswer> ReadAsync(string name)
    {
        var now = time.GetUtcNow();
        foreach (var (key, entry) in entries)
            if (now - entry.At > Kept) entries.TryRemove(key, out _);
        return entries.AddOrUpdate(name, _ => Begin(name, now), (_, entry) => now - entry.At < Fresh ? entry : Begin(name, now)).Answer.Value;
    }

    Entry Begin(string name, DateTimeOffset now) => new(now, new Lazy<Task<DeploymentAnswer>>(() => AskAsync(name)));

    async Task<DeploymentAnswer> AskAsync(string name)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        var summary = StackAnswer.TryAsync(services.GetRequiredService<MonitorClient>().SummaryAsync(name, limit.Token));
        try
        {
            var deployment = await services.GetRequiredService<InferenceClient>().FindDeploymentAsync(name, limit.Token);
            return new DeploymentAnswer(true, deployment is null ? null : new DeploymentOverview(deployment, await summary));
        }
        catch (Exception exception) when (exception is StackException or OperationCanceledException)
        {
            await summary;
            return new DeploymentAnswer(false, null);
        }
    }

    sealed record Entry(DateTimeOffset At, Lazy<Task<DeploymentAnswer>> Answer);
}
