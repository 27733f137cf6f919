namespace RetrainLoop.Web.Pages.Overview;

/// <summary>Small sums over the series that Monitor answers with.</summary>
public static class MetricMath
{
    /// <summary>Adds the lines of an answer point by point; a point is absent when all lines lack it.</summary>
    public static IReadOnlyList<MetricPoint> Sum(MetricsResponse? response) => response switch
    {
        null or { Series.Count: 0 } => [],
        { Series: [var only] } => only.Points,
        { Series: var lines } =>
        [
            .. lines.SelectMany(line => line.Points).GroupBy(point => point.At).OrderBy(group => group.Key)
                .Select(group => new MetricPoint(group.Key, group.Any(point => point.Value is not null) ? group.Sum(point => point.Value ?? 0) : null)),
        ],
    };
}
