namespace RetrainLoop.Web.Charts;

/// <summary>What <c>wwwroot/charts/size-chart.js</c> draws; see <see cref="SizeGrid"/>.</summary>
/// <param name="Baseline">Null = unknown; then neither its map nor the difference is drawn.</param>
/// <param name="Chosen">The cell that was clicked.</param>
public sealed record SizeSpec(IReadOnlyList<double> Edges, IReadOnlyList<double>? Baseline, IReadOnlyList<double>? Current, int? Chosen)
{
    public bool Equals(SizeSpec? other) => other is not null && Chosen == other.Chosen && Edges.SequenceEqual(other.Edges)
        && Same(Baseline, other.Baseline) && Same(Current, other.Current);

    public override int GetHashCode() => HashCode.Combine(Edges.Count, Chosen);

    static bool Same(IReadOnlyList<double>? a, IReadOnlyList<double>? b) => a is null || b is null ? a == b : a.SequenceEqual(b);
}
