namespace RetrainLoop.Web.Pages.Deployments;

/// <summary>How far back the metrics look; <paramref name="Name"/> stands in the URL.</summary>
/// <param name="RefreshSeconds">How often an open page asks again: no more often than points appear.</param>
public sealed record MetricsRange(string Name, string Label, TimeSpan Length, double RefreshSeconds)
{
    /// <summary>A range with a start and an end of its own.</summary>
    public const string Custom = "custom";

    public static IReadOnlyList<MetricsRange> All { get; } =
    [
        new("1h", "1 h", TimeSpan.FromHours(1), 4),
        new("6h", "6 h", TimeSpan.FromHours(6), 10),
        new("24h", "24 h", TimeSpan.FromHours(24), 30),
        new("7d", "7 days", TimeSpan.FromDays(7), 60),
        new("30d", "30 days", TimeSpan.FromDays(30), 120),
    ];

    /// <summary>The range of that name; the shortest when there is none.</summary>
    public static MetricsRange Of(string? name) => All.FirstOrDefault(range => range.Name == name) ?? All[0];
}
