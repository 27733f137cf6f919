using System.Net;
using Hangfire;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>
/// One arrow of the loop: a short, idempotent, resumable job. The same one never runs twice at once, however many servers there are. A service that
/// is away ends the turn; the next pulse tries again.
/// </summary>
public abstract class Arrow(ArrowLock turns)
{
    public string Name => GetType().Name;

    /// <returns>What the turn did, in a sentence for the Jobs page.</returns>
    [AutomaticRetry(Attempts = 0)]
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        await using var turn = await turns.TryTakeAsync(Name, cancellationToken);
        if (turn is null) return "Another worker is on it.";
        try
        {
            return await TurnAsync(cancellationToken);
        }
        catch (StackException exception) when (exception.IsAway || exception.StatusCode == HttpStatusCode.NotFound)
        {
            // Not found: the receiver has not heard yet of what this is about; another arrow is on its way with it.
            return $"Waits: {exception.Message}";
        }
    }

    protected abstract Task<string> TurnAsync(CancellationToken cancellationToken);
}
