namespace RetrainLoop.Web.Charts;

/// <summary>What <c>wwwroot/charts/size-chart.js</c> draws; see <see cref="SizeGrid"/>.</summary>
public sealed record SizeSpec(IReadOnlyList<double> Edges, IReadOnlyList<double> Baseline, IReadOnlyList<double> Current)
{
    public bool Equals(SizeSpec? other) =>
        other is not null && Edges.SequenceEqual(other.Edges) && Baseline.SequenceEqual(other.Baseline) && Current.SequenceEqual(other.Current);

    public override int GetHashCode() => Edges.Count;
}
