namespace RetrainLoop.Web.Charts;

/// <summary>What <c>wwwroot/charts/week-chart.js</c> draws.</summary>
/// <param name="Threshold">Of the effect size.</param>
/// <param name="PThreshold">Of the adjusted p.</param>
public sealed record WeekSpec(double Threshold, double PThreshold, IReadOnlyList<WeekPoint> Weeks)
{
    public bool Equals(WeekSpec? other) => other is not null && (Threshold, PThreshold) == (other.Threshold, other.PThreshold) && Weeks.SequenceEqual(other.Weeks);

    public override int GetHashCode() => Weeks.Count;
}

/// <param name="Name">Monday of the week.</param>
/// <param name="Word">What the week's comparison says.</param>
public sealed record WeekPoint(
    string Name, DriftLevel Level, string Word, double Distance, double Ks, double AdjustedP, double PlainP, long Count, bool Chosen);
