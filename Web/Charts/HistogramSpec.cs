namespace RetrainLoop.Web.Charts;

/// <summary>What <c>wwwroot/charts/histogram-chart.js</c> draws: two distributions on the same bins.</summary>
/// <param name="Across">Name and unit of the horizontal axis.</param>
/// <param name="Up">Name and unit of the vertical axis.</param>
/// <param name="Log">Logarithmic horizontal axis; edges are then positive.</param>
/// <param name="Edges">Ascending, one more than bins.</param>
/// <param name="Baseline">Share per bin, [0, 1].</param>
/// <param name="Chosen">Index of the bin to mark.</param>
public sealed record HistogramSpec(
    string Across, string Up, bool Log, IReadOnlyList<double> Edges, IReadOnlyList<double> Baseline, IReadOnlyList<double> Current, int? Chosen = null)
{
    public bool Equals(HistogramSpec? other) => other is not null && (Across, Up, Log, Chosen) == (other.Across, other.Up, other.Log, other.Chosen)
        && Edges.SequenceEqual(other.Edges) && Baseline.SequenceEqual(other.Baseline) && Current.SequenceEqual(other.Current);

    public override int GetHashCode() => HashCode.Combine(Across, Edges.Count, Chosen);
}
