namespace RetrainLoop.Web.Pages;

/// <summary>Base of pages whose subject changes seldom: asks when the question changes, and else now and then.</summary>
public abstract class SlowLive : Live
{
    object? answered;
    DateTimeOffset due;

    /// <summary>What is asked; another one is asked at once, also while the last one is still on its way.</summary>
    protected abstract object Question { get; }

    /// <summary>How long an answer is good.</summary>
    protected virtual TimeSpan Fresh { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Asks. What comes back counts only if <see cref="Question"/> is still what it was before the first await.</summary>
    protected abstract Task AskAsync();

    /// <summary>Ask again with the next tick, after something was done that changes the answer.</summary>
    protected void Forget() => answered = null;

    protected sealed override async Task ReadAsync()
    {
        var (question, now) = (Question, Time.GetUtcNow());
        if (Equals(question, answered) && now < due) return;
        (answered, due) = (question, DateTimeOffset.MaxValue);
        try
        {
            await AskAsync();
        }
        finally
        {
            // An overtaken answer says nothing about when the newer question is due.
            if (Equals(question, answered)) due = now + Fresh;
        }
    }
}
