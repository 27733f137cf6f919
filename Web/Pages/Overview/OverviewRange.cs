namespace RetrainLoop.Web.Pages.Overview;

/// <summary>How far back the overview looks; <paramref name="Name"/> stands in the URL.</summary>
/// <param name="StepSeconds">Width of one point; Monitor takes multiples of 10.</param>
public sealed record OverviewRange(string Name, string Label, TimeSpan Length, int StepSeconds)
{
    public static IReadOnlyList<OverviewRange> All { get; } =
    [
        new("30m", "30 min", TimeSpan.FromMinutes(30), 30),
        new("3h", "3 h", TimeSpan.FromHours(3), 60),
        new("24h", "24 h", TimeSpan.FromHours(24), 300),
        new("7d", "7 days", TimeSpan.FromDays(7), 3600),
    ];

    /// <summary>The range of that name; the shortest when there is none.</summary>
    public static OverviewRange Of(string? name) => All.FirstOrDefault(range => range.Name == name) ?? All[0];
}
