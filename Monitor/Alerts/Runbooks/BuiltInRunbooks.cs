namespace RetrainLoop.Monitor.Alerts.Runbooks;

/// <summary>The Markdown pages that come with the product, one for each kind of alert.</summary>
static class BuiltInRunbooks
{
    const string Prefix = "RetrainLoop.Monitor.Alerts.Runbooks.", Suffix = ".md";

    public static IReadOnlyList<string> Names { get; } = [.. typeof(BuiltInRunbooks).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..^Suffix.Length]).Order()];

    /// <summary>The page's Markdown, or null when there is none.</summary>
    public static string? Read(string name)
    {
        if (!Names.Contains(name)) return null;
        using var stream = typeof(BuiltInRunbooks).Assembly.GetManifestResourceStream(Prefix + name + Suffix)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
