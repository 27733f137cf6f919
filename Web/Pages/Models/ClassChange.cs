namespace RetrainLoop.Web.Pages.Models;

/// <summary>What changes for a deployment's callers when a model with other classes takes over. Pure.</summary>
public static class ClassChange
{
    const int MostNamed = 6;

    /// <returns>A sentence for people; null when the classes are the same in the same order.</returns>
    public static string? Of(string deployment, IReadOnlyList<string> champion, IReadOnlyList<string> model)
    {
        if (champion.SequenceEqual(model)) return null;
        var (lost, gained) = (champion.Except(model).ToList(), model.Except(champion).ToList());
        if (lost.Count + gained.Count == 0)
            return $"The classes of {deployment} stay, in another order: callers that go by a class's number must change, those that go by its name need not.";
        return string.Join(' ', new[]
        {
            lost.Count > 0 ? $"{deployment} would no longer find {Names(lost)}." : null,
            gained.Count > 0 ? $"New would be {Names(gained)}." : null,
        }.OfType<string>());
    }

    static string Names(IReadOnlyList<string> names) => names.Count <= MostNamed
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MostNamed - 1))} and {names.Count - MostNamed + 1} more";
}
