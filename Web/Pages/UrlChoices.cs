namespace RetrainLoop.Web.Pages;

/// <summary>
/// What a page shows by its URL while a person chooses faster than the URL follows: a choice counts at once, the next builds on it, and the URL of
/// a choice that was overtaken, which arrives in between, does not bring the past back.
/// </summary>
/// <typeparam name="T">What the URL says, compared by value.</typeparam>
sealed class UrlChoices<T> where T : class
{
    readonly List<T> underway = [];
    T? arrived;

    /// <summary>The last choice, else what the URL says.</summary>
    public T Current { get; private set; } = null!;

    /// <summary>Call before navigating to it.</summary>
    public void Choose(T next)
    {
        underway.Add(next);
        Current = next;
    }

    /// <summary>Takes over what the URL says now, by a choice or because a person went elsewhere.</summary>
    public void Arrive(T shown)
    {
        if (shown.Equals(arrived)) return; // drawn again
        arrived = shown;
        var own = underway.IndexOf(shown);
        if (own < 0) underway.Clear();
        else underway.RemoveRange(0, own + 1);
        Current = underway.Count > 0 ? underway[^1] : shown;
    }
}
