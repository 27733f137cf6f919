using Hangfire;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>
/// One arrow of the loop: a short, idempotent, resumable job. Two never run at once, however many servers there are. A service that is away ends
/// the turn; the next pulse tries again.
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
        catch (StackException exception) when (exception.IsAway)
        {
            return $"Waits: {exception.Message}";
        }
    }

    protected abstract Task<string> TurnAsync(CancellationToken cancellationToken);
}
