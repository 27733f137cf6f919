namespace RetrainLoop.Monitor.Alerts;

/// <summary>The Markdown pages beside the rules, one for each kind of alert.</summary>
static class Runbooks
{
    const string Prefix = "RetrainLoop.Monitor.Alerts.Runbooks.", Suffix = ".md";

    public static IReadOnlyList<string> Names { get; } = [.. typeof(Runbooks).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..^Suffix.Length]).Order()];

    /// <summary>The page's Markdown, or null when there is none.</summary>
    public static string? Read(string name)
    {
        if (!Names.Contains(name)) return null;
        using var stream = typeof(Runbooks).Assembly.GetManifestResourceStream(Prefix + name + Suffix)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
