using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Rules;

/// <summary>Goes through observations in order and notes each firing.</summary>
public sealed class PreviewFold(AlertRuleInfo rule, DateTimeOffset from)
{
    const int MostPoints = 2000;
    readonly List<AlertFiring> firings = [];
    readonly List<MetricPoint> values = [];
    double? peak;

    public AlertStatus Status { get; private set; } = AlertStatus.New(from);

    public void Add(RuleObservation seen) => Add(seen, seen.Value);

    /// <param name="value">The measured value, also where the rule has nothing to say about it.</param>
    public void Add(RuleObservation seen, double? value)
    {
        values.Add(new MetricPoint(seen.At, value));
        var before = Status;
        Status = AlertStateMachine.Next(before, seen, AlertCadence.Needed(rule), AlertCadence.CalmNeeded(rule));
        if (Status.IsOpen || Status.State == AlertState.Pending) peak = Worse(peak, seen.Value);
        if (before.IsOpen && !Status.IsOpen) firings.Add(new AlertFiring(before.FiredAt!.Value, Status.ResolvedAt, peak));
        if (!Status.IsOpen && Status.State != AlertState.Pending) peak = null;
    }

    public AlertRulePreview Result(double? threshold)
    {
        var all = Status.IsOpen ? [.. firings, new AlertFiring(Status.FiredAt!.Value, null, peak)] : firings;
        return new AlertRulePreview(all.Count, all, Thinned(), threshold, AlertUnits.Of(rule.Metric));
    }

    /// <summary>Of neighbours the worst stays, so that no peak is lost.</summary>
    List<MetricPoint> Thinned()
    {
        var each = (values.Count + MostPoints - 1) / MostPoints;
        return each <= 1 ? values : [.. values.Chunk(each).Select(chunk => new MetricPoint(chunk[0].At, chunk.Select(point => point.Value).Aggregate(Worse)))];
    }

    double? Worse(double? left, double? right) => left is null ? right : right is null ? left
        : rule.Comparison is AlertComparison.Below or AlertComparison.DropsBy ? Math.Min(left.Value, right.Value) : Math.Max(left.Value, right.Value);
}
