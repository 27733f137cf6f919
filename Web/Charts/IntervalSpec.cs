namespace RetrainLoop.Web.Charts;

/// <summary>What <c>wwwroot/charts/interval-chart.js</c> draws. Times are Unix milliseconds.</summary>
public sealed record IntervalSpec(string Unit, double From, double To, IReadOnlyList<IntervalCurve> Curves, IReadOnlyList<ChartMarker> Markers)
{
    public bool Equals(IntervalSpec? other) => other is not null && (Unit, From, To) == (other.Unit, other.From, other.To)
        && Curves.SequenceEqual(other.Curves) && Markers.SequenceEqual(other.Markers);

    public override int GetHashCode() => HashCode.Combine(From, To, Curves.Count);
}

/// <param name="Color">Name of a token.</param>
public sealed record IntervalCurve(string Name, string Color, bool Dashed, IReadOnlyList<IntervalPoint> Points)
{
    public bool Equals(IntervalCurve? other) =>
        other is not null && (Name, Color, Dashed) == (other.Name, other.Color, other.Dashed) && Points.SequenceEqual(other.Points);

    public override int GetHashCode() => HashCode.Combine(Name, Points.Count);
}

/// <param name="Low">Lower bound of its interval; null without one.</param>
/// <param name="Note">Said under it in the tooltip.</param>
public sealed record IntervalPoint(double At, double Value, double? Low, double? High, string Note);
